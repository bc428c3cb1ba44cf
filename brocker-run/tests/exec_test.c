/* One more command in a running container. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct container *running(void) {
    struct container *container = CONTAINER("await");
    container_start(container);
    CHECK_NUMBER(container->status_length, 0);
    return container;
}

static void itJoinsTheContainerAndGivesTheCode(void) {
    struct container *container = running();
    struct session *session = SESSION("cat", "/marker");
    CHECK_NUMBER(session_run(session, container), 0);
    CHECK_NUMBER(session->status_length, 0);
    CHECK_TEXT(session->output, "inside the root\n");
    CHECK_NUMBER(WEXITSTATUS(session_run(SESSION("exit", "9"), container)), 9);
    CHECK_NUMBER(WTERMSIG(session_run(SESSION("raise", "10"), container)), 10);
    container_delete(container);
}

static void itSeesThePidNamespace(void) {
    struct container *container = running();
    struct session *session = SESSION("cat", "/proc/1/comm");
    session_run(session, container);
    CHECK_TEXT(session->output, "brocker-run\n");
    container_delete(container);
}

static void itIsConfinedToo(void) {
    struct container *container = running();
    struct session *session = SESSION("cat", "/proc/self/status");
    ORDER(session, "capabilities", "21");
    ORDER(session, "user", "0", "5");
    ORDER(session, "rlimit", "4", "0", "0");
    ORDER(session, "env", "A=b");
    session_run(session, container);
    CHECK_CONTAINS(session->output, "CapEff:\t0000000000000021\n");
    CHECK_CONTAINS(session->output, "CapBnd:\t0000000000000021\n");
    CHECK_CONTAINS(session->output, "NoNewPrivs:\t1\n");
    CHECK_CONTAINS(session->output, "Gid:\t5\t5\t5\t5\n");
    CHECK_CONTAINS(session->output, "SigBlk:\t0000000000000000\n");
    CHECK_CONTAINS(session->output, "SigIgn:\t0000000000000000\n");
    container_delete(container);
}

static void onlyItsStreamsAreOpen(void) {
    struct container *container = running();
    struct session *session = SESSION("descriptors");
    session_run(session, container);
    int lines = 0;
    for (const char *at = session->output; (at = strstr(at, "fd ")) != NULL; at++) lines++;
    CHECK_NUMBER(lines, 3);
    container_delete(container);
}

static void aDetachedCommandIsInits(void) {
    struct container *container = running();
    struct session *session = SESSION("parent");
    ORDER(session, "detach");
    CHECK_NUMBER(session_run(session, container), 0);
    CHECK_NUMBER(session->status_length, 0);
    CHECK_TEXT(session->output, "parent 1\n");
    container_delete(container);
}

static void theFailureOfADetachedCommandIsReported(void) {
    struct container *container = running();
    struct session *session = SESSION("exit", "0");
    ORDER(session, "detach");
    ORDER(session, "working-directory", "/no/where");
    session_run(session, container);
    CHECK_STATUS(session, "working-directory", ENOENT, "/no/where");
    container_delete(container);
}

static void itsFailureIsReported(void) {
    struct container *container = running();
    struct session *session = SESSION("exit", "0");
    ORDER(session, "working-directory", "/no/where");
    CHECK_NUMBER(WEXITSTATUS(session_run(session, container)), 127);
    CHECK_STATUS(session, "working-directory", ENOENT, "/no/where");
    container_delete(container);
}

static void ordersOfInitAreRefused(void) {
    struct container *container = running();
    struct session *session = SESSION("exit", "0");
    ORDER(session, "mask", "/proc/kcore");
    CHECK_NUMBER(WEXITSTATUS(session_run(session, container)), 127);
    CHECK_STATUS(session, "orders", EINVAL, "mask");
    container_delete(container);
}

static void itLeadsTheSessionOfItsTerminal(void) {
    struct container *container = running();
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) broken("posix_openpt");
    struct session *session = SESSION("terminal");
    session->input = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (session->input < 0) broken(ptsname(terminal));
    session_run(session, container);
    CHECK_TEXT(session->output, "leads the terminal's session 1\n");
    close(session->input);
    close(terminal);
    container_delete(container);
}

static void itsOrphansAreReapedByInit(void) {
    struct container *container = running();
    struct session *session = SESSION("orphans");
    session_run(session, container);
    CHECK_TEXT(session->output, "zombies 0\nleft 0\n");
    container_delete(container);
}

const struct test exec_tests[] = {
    {"itJoinsTheContainerAndGivesTheCode", itJoinsTheContainerAndGivesTheCode, true},
    {"itSeesThePidNamespace", itSeesThePidNamespace, true},
    {"itIsConfinedToo", itIsConfinedToo, true},
    {"onlyItsStreamsAreOpen", onlyItsStreamsAreOpen, true},
    {"itsFailureIsReported", itsFailureIsReported, true},
    {"aDetachedCommandIsInits", aDetachedCommandIsInits, true},
    {"theFailureOfADetachedCommandIsReported", theFailureOfADetachedCommandIsReported, true},
    {"ordersOfInitAreRefused", ordersOfInitAreRefused, true},
    {"itLeadsTheSessionOfItsTerminal", itLeadsTheSessionOfItsTerminal, true},
    {"itsOrphansAreReapedByInit", itsOrphansAreReapedByInit, true},
    {NULL, NULL, false},
};
