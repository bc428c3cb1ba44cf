/* What the command would have of brockerd if nobody reset it. */
#include "check.h"
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0) broken(path);
    close(file);
}

static int processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) broken("sched_getaffinity");
    return CPU_COUNT(&set);
}

static void prepare_inheritance(void) {
    cpu_set_t first;
    struct sched_param none = {.sched_priority = 0};
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    if (sched_setaffinity(0, sizeof first, &first) != 0) broken("sched_setaffinity");
    if (sched_setscheduler(0, SCHED_BATCH, &none) != 0) broken("sched_setscheduler");
    if (setpriority(PRIO_PROCESS, 0, 7) != 0) broken("setpriority");
    if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)) != 0) broken("ioprio_set");
    if (prctl(PR_SET_TIMERSLACK, 123456, 0, 0, 0) != 0) broken("PR_SET_TIMERSLACK");
    if (personality(ADDR_NO_RANDOMIZE) < 0) broken("personality");
    write_file("/proc/self/oom_score_adj", "300");
}

static void check_defaults(const char *shown) {
    char all[32];
    snprintf(all, sizeof all, "processors %d\n", processors());
    CHECK_CONTAINS(shown, all);
    CHECK_CONTAINS(shown, "policy 0\n");
    CHECK_CONTAINS(shown, "nice 0\n");
    CHECK_CONTAINS(shown, "io priority 0\n");
    CHECK_CONTAINS(shown, "timer slack 50000\n");
    CHECK_CONTAINS(shown, "personality 0\n");
    CHECK_CONTAINS(shown, "oom score 0\n");
}

static void theCommandDoesNotInheritWhatBrockerdHas(void) {
    struct container *container = CONTAINER("inherited");
    container->prepare = prepare_inheritance;
    check_defaults(log_of(container));
    container_delete(container);
}

static void norDoesOneMore(void) {
    struct container *container = CONTAINER("await");
    container_start(container);
    struct session *session = SESSION("inherited");
    session->prepare = prepare_inheritance;
    CHECK_NUMBER(session_run(session, container), 0);
    check_defaults(session->output);
    container_delete(container);
}

/* The number of a key that only who possesses the keyring can read; 0 without keyrings. */
static long key;

static void prepare_keyring(void) {
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0) < 0) {
        if (errno != ENOSYS) broken("keyctl");
        return;
    }
    key = syscall(SYS_add_key, "user", "brocker-test", "secret", 6, KEY_SPEC_SESSION_KEYRING);
    if (key < 0) broken("add_key");
}

static void theKeyringOfBrockerdIsLeft(void) {
    struct container *container = CONTAINER("key");
    container->prepare = prepare_keyring;
    const char *log = log_of(container);
    CHECK_LACKS(log, "key 0\n");
    container_delete(container);
}

static void anOomScoreIsTheCommandsAlone(void) {
    char path[64], score[16];
    struct container *container = CONTAINER("inherited-and-await");
    ORDER(container, "oom-score-adj", "500");
    container_start(container);
    CHECK_NUMBER(container->status_length, 0);
    container_await(container, "oom score 500\n");
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", container->pid);
    file_read(path, score, sizeof score);
    CHECK_TEXT(score, "0\n");

    struct session *session = SESSION("inherited");
    ORDER(session, "oom-score-adj", "600");
    CHECK_NUMBER(session_run(session, container), 0);
    CHECK_CONTAINS(session->output, "oom score 600\n");
    container_delete(container);
}

/* Without CAP_SYS_RESOURCE, which a host may keep to itself. */
static void prepare_no_resource(void) {
    if (prctl(PR_CAPBSET_READ, 24, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, 24, 0, 0, 0) != 0) broken("PR_CAPBSET_DROP");
}

static void anOomScoreThatTheHostRefusesIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    container->prepare = prepare_no_resource;
    ORDER(container, "oom-score-adj", "-500");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "oom-score-adj", EACCES, "-500");
    container_delete(container);
}

const struct test inherited_tests[] = {
    {"theCommandDoesNotInheritWhatBrockerdHas", theCommandDoesNotInheritWhatBrockerdHas, true},
    {"norDoesOneMore", norDoesOneMore, true},
    {"theKeyringOfBrockerdIsLeft", theKeyringOfBrockerdIsLeft, true},
    {"anOomScoreIsTheCommandsAlone", anOomScoreIsTheCommandsAlone, true},
    {"anOomScoreThatTheHostRefusesIsReported", anOomScoreThatTheHostRefusesIsReported, true},
    {NULL, NULL, false},
};
