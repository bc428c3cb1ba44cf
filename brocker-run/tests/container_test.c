/* The life of a container: start, output, signals, end. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void itsCodeIsTheCommandsAndInTheRecord(void) {
    struct container *container = CONTAINER("exit", "42");
    int status = container_run(container);
    CHECK(WIFEXITED(status));
    CHECK_NUMBER(WEXITSTATUS(status), 42);
    CHECK_NUMBER(container->status_length, 0);
    const char *record = container_file(container, "exit");
    CHECK_CONTAINS(record, "code 42\nsignal 0\nstarted ");
    CHECK_CONTAINS(record, "\nlost-lines 0\n");
    const char *started = strstr(record, "started "), *ended = strstr(record, "ended ");
    if (started != NULL && ended != NULL) {
        long long from = atoll(started + 8), to = atoll(ended + 6), now = (long long) time(NULL) * 1000000000;
        CHECK(from < to && to - from < 10000000000 && llabs(now - from) < 20000000000);
    }
    container_delete(container);
}

static void aSignalIsInTheRecord(void) {
    struct container *container = CONTAINER("raise", "11");
    int status = container_run(container);
    CHECK_NUMBER(WEXITSTATUS(status), 139);
    CHECK_CONTAINS(container_file(container, "exit"), "code 139\nsignal 11\n");
    container_delete(container);
}

static void bothStreamsAreLogged(void) {
    struct container *container = CONTAINER("both");
    container_run(container);
    const char *log = container_file(container, "log");
    CHECK_CONTAINS(log, " stdout F to stdout\n");
    CHECK_CONTAINS(log, " stderr F to stderr\n");
    container_delete(container);
}

/* The daemon's ends of all pipes are closed by now: more output than pipes hold goes to the log and turns it. */
static void aLongOutputNeedsNoDaemon(void) {
    struct container *container = CONTAINER("lines", "20000");
    ORDER(container, "log", "400000", "3");
    CHECK_NUMBER(container_run(container), 0);
    CHECK_CONTAINS(container_file(container, "log"), " stdout F line 19999\n");
    CHECK_CONTAINS(container_file(container, "log.1"), " stdout F line ");
    CHECK(strlen(container_file(container, "log.2")) > 399000 && strlen(container_file(container, "log.2")) <= 400000);
    CHECK_CONTAINS(container_file(container, "exit"), "lost-lines 0\n");
    container_delete(container);
}

static void aFullDiskCostsLinesButNotTheRecord(void) {
    struct container *container = CONTAINER("lines", "20000");
    if (mount("tmpfs", container->folder, "tmpfs", 0, "size=64k") != 0) broken("mount");
    char root[512];
    snprintf(root, sizeof root, "%s/root", container->folder);
    if (mkdir(root, 0755) != 0) broken(root);
    CHECK_NUMBER(container_run(container), 0);
    char lost[64];
    long lines = 0;
    for (const char *at = container_file(container, "log"); (at = strchr(at, '\n')) != NULL; at++) lines++;
    CHECK(lines > 500 && lines < 20000);
    snprintf(lost, sizeof lost, "code 0\nsignal 0\n");
    CHECK_CONTAINS(container_file(container, "exit"), lost);
    snprintf(lost, sizeof lost, "\nlost-lines %ld\n", 20000 - lines);
    CHECK_CONTAINS(container_file(container, "exit"), lost);
    umount2(container->folder, MNT_DETACH);
    container_delete(container);
}

static void kills_recorded(const char *events, const char *expected) {
    struct container *container = CONTAINER("exit", "0");
    char path[512];
    snprintf(path, sizeof path, "%s/events", container->folder);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, events, strlen(events)) != (ssize_t) strlen(events)) broken(path);
    close(file);
    ORDER(container, "oom-events", path);
    CHECK_NUMBER(container_run(container), 0);
    CHECK_CONTAINS(container_file(container, "exit"), expected);
    unlink(path);
    container_delete(container);
}

static void killsForLackOfMemoryAreInTheRecord(void) {
    kills_recorded("low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 1\n", "\noom-kills 3\n");
    kills_recorded("oom_kill_disable 0\nunder_oom 0\noom_kill 12", "\noom-kills 12\n");
    kills_recorded("oom_kill_disable 1\n", "\noom-kills 0\n");
    kills_recorded("", "\noom-kills 0\n");
}

static void aMissingCountIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "oom-events", "/no/such");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "cgroup", ENOENT, "/no/such");
    container_delete(container);
}

static void anUnknownCommandIsReported(void) {
    struct container *container = container_bare();
    ORDER(container, "argument", "/usr/bin/jav");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "exec", ENOENT, "/usr/bin/jav");
    CHECK_TEXT(container_file(container, "exit"), "");
    CHECK_TEXT(container_file(container, "exit.next"), "");
    container_delete(container);
}

static void anUnknownNameIsReportedAsWritten(void) {
    struct container *container = container_bare();
    ORDER(container, "argument", "jav");
    ORDER(container, "env", "PATH=/sbin:/bin");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "exec", ENOENT, "jav");
    container_delete(container);
}

static void aFileThatIsNotExecutableIsReported(void) {
    struct container *container = container_bare();
    ORDER(container, "argument", "plain");
    ORDER(container, "env", "PATH=/sbin:/bin:/tmp");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "exec", EACCES, "plain");
    container_delete(container);
}

static void aNameIsLookedUpInThePathOfTheCommand(void) {
    struct container *container = container_bare();
    ORDER(container, "argument", "inside");
    ORDER(container, "argument", "exit");
    ORDER(container, "argument", "7");
    ORDER(container, "env", "PATH=/sbin:/bin/plain:/bin:/tmp");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 7);
    container_delete(container);
}

static void badOrdersAreReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "hostnam", "x");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "orders", EINVAL, "hostnam");
    container_delete(container);
}

static void forwards(int number) {
    struct container *container = CONTAINER("await");
    container_start(container);
    container_await(container, "ready 1");
    kill(container->pid, number);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 100 + number);
    container_delete(container);
}

static void signalsAreForwarded(void) {
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGUSR1, SIGTSTP, SIGWINCH, 35, 64};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) forwards(numbers[i]);
}

static void aSignalFromInsideIsForwardedToo(void) {
    struct container *container = CONTAINER("signal-init", "15");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 115);
    container_delete(container);
}

static void name_successor(const struct container *container, int number) {
    if (sigqueue(container->pid, 64, (union sigval) {.sival_int = number}) != 0) broken("sigqueue");
}

/* The number that the command has said. */
static int said_child(struct container *container) {
    const char *said = strstr(container_file(container, "log"), "child ");
    if (said == NULL) broken("the child's number");
    return atoi(said + strlen("child "));
}

/* Starts a command that has a child, and names that the successor. */
static struct container *succeeded(struct container *container, const char *ready) {
    container_start(container);
    container_await(container, ready);
    name_successor(container, said_child(container));
    return container;
}

static void aSuccessorIsTheCommandWhenTheFirstOneHasEnded(void) {
    struct container *container = succeeded(CONTAINER("have-child"), "ready 1");
    usleep(1000000);
    CHECK_NUMBER(kill(container->pid, 0), 0);
    CHECK_NUMBER(waitpid(container->pid, NULL, WNOHANG), 0);
    kill(container->pid, SIGTERM);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 115);
    CHECK_CONTAINS(container_file(container, "exit"), "code 115\n");
    container_delete(container);
}

static void aSuccessorThatItsParentReapsLeavesNobody(void) {
    struct container *container = succeeded(CONTAINER("have-child", "7"), "child ");
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 3);
    container_delete(container);
}

static void withoutASuccessionTheContainerEndsWithTheFirstOne(void) {
    struct container *container = CONTAINER("have-child");
    container_start(container);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 3);
    container_delete(container);
}

/* The command has not received the signal that named a successor, and still is the command. */
static void check_command_goes_on(struct container *container) {
    usleep(500000);
    kill(container->pid, SIGTERM);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 115);
    container_delete(container);
}

static void aSuccessorThatDoesNotExistIsIgnored(void) {
    const int numbers[] = {12345, 1, 0, -1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct container *container = CONTAINER("await");
        container_start(container);
        container_await(container, "ready 1");
        name_successor(container, numbers[i]);
        check_command_goes_on(container);
    }
}

/* PID 1 is stopped meanwhile, so that the orphan is not reaped before it is named. */
static void aSuccessorThatHasEndedIsIgnored(void) {
    struct container *container = CONTAINER("have-orphan");
    container_start(container);
    container_await(container, "ready 1");
    kill(container->pid, SIGSTOP);
    usleep(1000000);
    name_successor(container, said_child(container));
    kill(container->pid, SIGCONT);
    check_command_goes_on(container);
}

static void aSuccessorIsNotNamedFromInside(void) {
    struct container *container = CONTAINER("queue-to-init");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 164);
    container_delete(container);
}

static void prepare_small_files(void) {
    /* "line 0" to "line 9" with 40 bytes before each, and "line 10": the next write begins at the limit. */
    struct rlimit limit = {10 * 47 + 48, 10 * 47 + 48};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) broken("setrlimit");
}

/* A log that may not grow brings SIGXFSZ upon init, not upon the command. */
static void aSignalOfItsOwnMakingIsNotForwarded(void) {
    struct container *container = CONTAINER("lines", "100000"); /* more than a pipe holds */
    container->prepare = prepare_small_files;
    CHECK_NUMBER(container_run(container), 0);
    CHECK_CONTAINS(container_file(container, "exit"), "code 0\n");
    CHECK_LACKS(container_file(container, "exit"), "lost-lines 0\n");
    container_delete(container);
}

/* Signals before the command exists wait for it. */
static void anEarlySignalIsNotLost(void) {
    for (int i = 0; i < 20; i++) {
        struct container *container = CONTAINER("await");
        container_start(container);
        kill(container->pid, SIGTERM);
        int code = WEXITSTATUS(container_wait(container));
        CHECK(code == 115 || code == 143);
        container_delete(container);
    }
}

static void orphansAreReaped(void) {
    struct container *container = CONTAINER("orphans");
    CHECK_NUMBER(container_run(container), 0);
    CHECK_CONTAINS(container_file(container, "log"), " zombies 0\n");
    CHECK_CONTAINS(container_file(container, "log"), " left 0\n");
    container_delete(container);
}

static void whatTheCommandLeavesIsKilled(void) {
    struct container *container = CONTAINER("leave-child");
    time_t start = time(NULL);
    CHECK_NUMBER(container_run(container), 0);
    CHECK(time(NULL) - start < 5);
    CHECK_CONTAINS(container_file(container, "exit"), "code 0\n");
    container_delete(container);
}

static void withoutGoItNeverBegan(void) {
    struct container *container = CONTAINER("both");
    container->silent = true;
    CHECK_NUMBER(container_run(container), 0);
    CHECK_NUMBER(container->status_length, 0);
    CHECK_TEXT(container_file(container, "exit"), "");
    CHECK_TEXT(container_file(container, "log"), "");
    container_delete(container);
}

static void initIsOnlyForPidOne(void) {
    int status[2];
    if (pipe2(status, O_CLOEXEC) != 0) broken("pipe2");
    struct container container = {.pid = fork()};
    if (container.pid == 0) {
        if (dup2(status[1], 5) == 5) execl(program, "brocker-run", "init", (char *) NULL);
        _exit(99);
    }
    close(status[1]);
    CHECK_NUMBER(WEXITSTATUS(container_wait(&container)), 127);
    container.status_length = (size_t) read(status[0], container.status, sizeof container.status);
    CHECK_STATUS(&container, "orders", EPERM, "init is for PID 1 of a new namespace");
    close(status[0]);
}

static void anotherModeIsWrongUsage(void) {
    struct container container = {.pid = fork()};
    if (container.pid == 0) {
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        execl(program, "brocker-run", "run", (char *) NULL);
        _exit(99);
    }
    CHECK_NUMBER(WEXITSTATUS(container_wait(&container)), 2);
}

/* Of the release build; the sanitizers take what they take. */
static void itIsSmall(void) {
    if (strstr(program, "sanitized") != NULL) return;
    struct container *container = CONTAINER("await");
    container_start(container);
    container_await(container, "ready 1");
    char path[64], status[4096];
    snprintf(path, sizeof path, "/proc/%d/status", container->pid);
    file_read(path, status, sizeof status);
    CHECK_CONTAINS(status, "Name:\tbrocker-run\n");
    const char *resident = strstr(status, "VmRSS:");
    long pages = resident == NULL ? -1 : atol(resident + 6) * 1024 / sysconf(_SC_PAGESIZE);
    printf("     %ld pages resident\n", pages);
    CHECK(pages > 0 && pages <= 32);
    kill(container->pid, SIGTERM);
    container_wait(container);
    container_delete(container);
}

const struct test container_tests[] = {
    {"itsCodeIsTheCommandsAndInTheRecord", itsCodeIsTheCommandsAndInTheRecord, true},
    {"aSignalIsInTheRecord", aSignalIsInTheRecord, true},
    {"bothStreamsAreLogged", bothStreamsAreLogged, true},
    {"aLongOutputNeedsNoDaemon", aLongOutputNeedsNoDaemon, true},
    {"aFullDiskCostsLinesButNotTheRecord", aFullDiskCostsLinesButNotTheRecord, true},
    {"killsForLackOfMemoryAreInTheRecord", killsForLackOfMemoryAreInTheRecord, true},
    {"aMissingCountIsReported", aMissingCountIsReported, true},
    {"anUnknownCommandIsReported", anUnknownCommandIsReported, true},
    {"anUnknownNameIsReportedAsWritten", anUnknownNameIsReportedAsWritten, true},
    {"aFileThatIsNotExecutableIsReported", aFileThatIsNotExecutableIsReported, true},
    {"aNameIsLookedUpInThePathOfTheCommand", aNameIsLookedUpInThePathOfTheCommand, true},
    {"badOrdersAreReported", badOrdersAreReported, true},
    {"signalsAreForwarded", signalsAreForwarded, true},
    {"aSuccessorIsTheCommandWhenTheFirstOneHasEnded", aSuccessorIsTheCommandWhenTheFirstOneHasEnded, true},
    {"aSuccessorThatItsParentReapsLeavesNobody", aSuccessorThatItsParentReapsLeavesNobody, true},
    {"withoutASuccessionTheContainerEndsWithTheFirstOne", withoutASuccessionTheContainerEndsWithTheFirstOne, true},
    {"aSuccessorThatDoesNotExistIsIgnored", aSuccessorThatDoesNotExistIsIgnored, true},
    {"aSuccessorThatHasEndedIsIgnored", aSuccessorThatHasEndedIsIgnored, true},
    {"aSuccessorIsNotNamedFromInside", aSuccessorIsNotNamedFromInside, true},
    {"aSignalFromInsideIsForwardedToo", aSignalFromInsideIsForwardedToo, true},
    {"aSignalOfItsOwnMakingIsNotForwarded", aSignalOfItsOwnMakingIsNotForwarded, true},
    {"anEarlySignalIsNotLost", anEarlySignalIsNotLost, true},
    {"orphansAreReaped", orphansAreReaped, true},
    {"whatTheCommandLeavesIsKilled", whatTheCommandLeavesIsKilled, true},
    {"withoutGoItNeverBegan", withoutGoItNeverBegan, true},
    {"initIsOnlyForPidOne", initIsOnlyForPidOne, true},
    {"anotherModeIsWrongUsage", anotherModeIsWrongUsage, true},
    {"itIsSmall", itIsSmall, true},
    {NULL, NULL, false},
};
