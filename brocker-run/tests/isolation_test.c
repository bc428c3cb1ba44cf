/* What the command may do: user, capabilities, seccomp, descriptors. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void capabilitiesAreDropped(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    ORDER(container, "capabilities", "00000000000004a1");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "CapInh:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapPrm:\t00000000000004a1\n");
    CHECK_CONTAINS(log, "CapEff:\t00000000000004a1\n");
    CHECK_CONTAINS(log, "CapBnd:\t00000000000004a1\n");
    CHECK_CONTAINS(log, "CapAmb:\t0000000000000000\n");
    CHECK_CONTAINS(log, "NoNewPrivs:\t1\n");
    container_delete(container);
}

static void withoutTheOrderNoCapabilityStays(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "CapEff:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapBnd:\t0000000000000000\n");
    container_delete(container);
}

static void prepare_inheritable(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) != 0) broken("capget");
    for (int i = 0; i < 2; i++) sets[i].inheritable = sets[i].permitted;
    if (syscall(SYS_capset, &header, sets) != 0 || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0, 0, 0) != 0) broken("capset");
}

static void whatBrockerdCouldInheritIsCleared(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    container->prepare = prepare_inheritable;
    ORDER(container, "capabilities", "00000000000004a1");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "CapInh:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapAmb:\t0000000000000000\n");
    container_delete(container);
}

static void anotherUserHasNoneEffective(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    ORDER(container, "capabilities", "00000000000004a1");
    ORDER(container, "user", "1000", "1001");
    ORDER(container, "group", "7");
    ORDER(container, "group", "8");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "Uid:\t1000\t1000\t1000\t1000\n");
    CHECK_CONTAINS(log, "Gid:\t1001\t1001\t1001\t1001\n");
    CHECK_CONTAINS(log, "Groups:\t7 8 \n");
    CHECK_CONTAINS(log, "CapPrm:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapEff:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapBnd:\t00000000000004a1\n");
    container_delete(container);
}

static void theCommandStartsWithCleanSignals(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "SigBlk:\t0000000000000000\n");
    CHECK_CONTAINS(log, "SigIgn:\t0000000000000000\n");
    container_delete(container);
}

static void initKeepsOneCapability(void) {
    struct container *container = CONTAINER("await");
    char path[64], status[4096];
    ORDER(container, "capabilities", "ffffffffffffffff");
    container_start(container);
    container_await(container, "ready");
    snprintf(path, sizeof path, "/proc/%d/status", container->pid);
    file_read(path, status, sizeof status);
    CHECK_CONTAINS(status, "CapPrm:\t0000000000000020\n");
    CHECK_CONTAINS(status, "CapEff:\t0000000000000020\n");
    CHECK_CONTAINS(status, "CapBnd:\t0000000000000000\n");
    CHECK_CONTAINS(status, "NoNewPrivs:\t1\n");
    CHECK_CONTAINS(status, "Seccomp:\t2\n");
    kill(container->pid, SIGTERM);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 100 + SIGTERM);
    container_delete(container);
}

/* uname(2) answers EPERM (1), everything else is allowed: four instructions, as brockerd writes them. */
static void forbid_uname(struct container *container) {
    const struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const unsigned char *bytes = (const unsigned char *) filter;
    char text[2 * sizeof filter + 1];
    for (size_t i = 0; i < sizeof filter; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    ORDER(container, "seccomp", text);
}

static void aFilterForbidsOneCall(void) {
    struct container *container = CONTAINER("host");
    forbid_uname(container);
    CHECK_CONTAINS(log_of(container), " uname errno 1\n");
    container_delete(container);
    container = CONTAINER("cat", "/proc/self/status");
    forbid_uname(container);
    CHECK_CONTAINS(log_of(container), "Seccomp:\t2\n");
    container_delete(container);
}

static void aFilterThatTheKernelRefusesIsReported(void) {
    struct container *container = CONTAINER("host");
    ORDER(container, "seccomp", "ffffffffffffffff");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "seccomp", EINVAL, "the filter");
    container_delete(container);
}

static void onlyTheStreamsAreOpen(void) {
    struct container *container = CONTAINER("descriptors");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " fd 0 /dev/null\n");
    CHECK_CONTAINS(log, " fd 1 pipe:");
    CHECK_CONTAINS(log, " fd 2 pipe:");
    int lines = 0;
    for (const char *at = log; (at = strstr(at, " fd ")) != NULL; at++) lines++;
    CHECK_NUMBER(lines, 3);
    container_delete(container);
}

static void socketsAre3AndOn(void) {
    int pairs[4][2];
    struct container *container = CONTAINER("descriptors");
    for (int i = 0; i < 4; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[i]) != 0) broken("socketpair");
        container->sockets[i] = pairs[i][1];
    }
    container->sockets_count = 4;
    ORDER(container, "sockets", "4");
    const char *log = log_of(container);
    int lines = 0;
    for (const char *at = log; (at = strstr(at, " fd ")) != NULL; at++) lines++;
    CHECK_NUMBER(lines, 7);
    container_delete(container);

    container = CONTAINER("send", "5");
    for (int i = 0; i < 4; i++) container->sockets[i] = pairs[i][1];
    container->sockets_count = 4;
    ORDER(container, "sockets", "4");
    CHECK_CONTAINS(log_of(container), " sent 5\n");
    char bytes[8] = "";
    CHECK_NUMBER(recv(pairs[2][0], bytes, sizeof bytes, MSG_DONTWAIT), 5);
    container_delete(container);
    for (int i = 0; i < 4; i++) close(pairs[i][0]), close(pairs[i][1]);
}

static void aMissingSocketIsReported(void) {
    struct container *container = CONTAINER("descriptors");
    ORDER(container, "sockets", "1");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "sockets", EBADF, "10");
    container_delete(container);
}

/* As user 0 with every capability but CAP_SYS_PTRACE (bit 19), CAP_SYS_ADMIN (21) and CAP_PERFMON (38), each of which opens
   some of these. */
static void closed(const char *verb, const char *path, const char *expected) {
    struct container *container = CONTAINER(verb, path);
    ORDER(container, "capabilities", "ffffffbfffd7ffff");
    CHECK_CONTAINS(log_of(container), expected);
    container_delete(container);
}

static void initIsClosedToTheCommand(void) {
    closed("link", "/proc/1/exe", " readlink errno 13\n");
    closed("link", "/proc/1/root", " readlink errno 13\n");
    closed("link", "/proc/1/fd/0", " readlink errno 13\n");
    closed("link", "/proc/1/fd/7", " readlink errno 13\n");
    closed("read", "/proc/1/fd/7", " /proc/1/fd/7 13\n");
    closed("read", "/proc/1/environ", " /proc/1/environ 13\n");
    closed("read", "/proc/1/mem", " /proc/1/mem 13\n");
    closed("link", "/proc/self/exe", " readlink errno 0\n");
}

static void theRecordDirectoryOfInitLeadsNowhere(void) {
    struct container *container = CONTAINER("await");
    char path[64];
    struct stat here, above;
    container_start(container);
    container_await(container, "ready");
    snprintf(path, sizeof path, "/proc/%d/fd/7/.", container->pid);
    CHECK_NUMBER(stat(path, &here), 0);
    snprintf(path, sizeof path, "/proc/%d/fd/7/..", container->pid);
    CHECK_NUMBER(stat(path, &above), 0);
    CHECK_NUMBER(above.st_ino, here.st_ino);
    CHECK_NUMBER(above.st_dev, here.st_dev);
    container_delete(container);
}

/* poll(2) is begun again by restart_syscall(2), which init's filter has to allow. */
static void initGoesOnAfterItWasStopped(void) {
    struct container *container = CONTAINER("await");
    container_start(container);
    container_await(container, "ready");
    kill(container->pid, SIGSTOP);
    usleep(20000);
    kill(container->pid, SIGCONT);
    usleep(20000);
    kill(container->pid, SIGTERM);
    /* SIGCONT was forwarded as well, if it came first. */
    int code = WEXITSTATUS(container_wait(container));
    CHECK(code == 100 + SIGTERM || code == 100 + SIGCONT);
    container_delete(container);
}

static void prepare_group(void) {
    if (setegid(5) != 0) broken("setegid");
}

/* proc(5): the files of /proc/PID have the process's group, unless it is not dumpable; then they have the group 0. */
static void initIsNotDumpable(void) {
    char path[64];
    struct stat folder;
    struct container *container = CONTAINER("await");
    container->prepare = prepare_group;
    container_start(container);
    snprintf(path, sizeof path, "/proc/%d/environ", container->pid);
    CHECK_NUMBER(stat(path, &folder), 0);
    CHECK_NUMBER(folder.st_gid, 0);
    container_delete(container);
}

static void theWorkingDirectoryIsTaken(void) {
    struct container *container = CONTAINER("directory");
    ORDER(container, "working-directory", "/data");
    CHECK_CONTAINS(log_of(container), " </data>\n");
    container_delete(container);
    container = CONTAINER("directory");
    CHECK_CONTAINS(log_of(container), " </>\n");
    container_delete(container);
}

static void aMissingWorkingDirectoryIsReported(void) {
    struct container *container = CONTAINER("directory");
    ORDER(container, "working-directory", "/no/where");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "working-directory", ENOENT, "/no/where");
    container_delete(container);
}

static void prepare_private_folder(void) {
    if (mkdir("data/private", 0700) != 0) broken("data/private");
}

static void theWorkingDirectoryIsEnteredAsTheUser(void) {
    struct container *container = CONTAINER("directory");
    container->prepare = prepare_private_folder;
    ORDER(container, "working-directory", "/data/private");
    ORDER(container, "user", "1000", "1000");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "working-directory", EACCES, "/data/private");
    container_delete(container);
}

static void limitsAreTaken(void) {
    struct container *container = CONTAINER("cat", "/proc/self/limits");
    ORDER(container, "rlimit", "7", "123", "456");
    ORDER(container, "rlimit", "4", "0", "0");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "Max open files            123                  456 ");
    CHECK_CONTAINS(log, "Max core file size        0                    0 ");
    container_delete(container);
}

static void aLimitThatTheKernelRefusesIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "rlimit", "7", "5", "4");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "rlimit", EINVAL, "7");
    container_delete(container);
}

static void theHostnameIsTheContainers(void) {
    char before[256], after[256];
    gethostname(before, sizeof before);
    struct container *container = CONTAINER("host");
    ORDER(container, "hostname", "a-container");
    CHECK_CONTAINS(log_of(container), " host a-container\n");
    gethostname(after, sizeof after);
    CHECK_TEXT(after, before);
    container_delete(container);
}

static void environmentAndArgumentsAreTheOrdered(void) {
    struct container *container = CONTAINER("environment");
    ORDER(container, "env", "A=b c");
    ORDER(container, "env", "EMPTY=");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " <A=b c>\n");
    CHECK_CONTAINS(log, " <EMPTY=>\n");
    CHECK_LACKS(log, "ASAN");
    container_delete(container);
    container = CONTAINER("arguments", "", "two words", "*");
    log = log_of(container);
    CHECK_CONTAINS(log, " <>\n");
    CHECK_CONTAINS(log, " <two words>\n");
    CHECK_CONTAINS(log, " <*>\n");
    container_delete(container);
}

/* A child group of v2 or, on a hybrid host, of v1 pids; nothing else of the hierarchy is touched. */
static bool cgroup_make(char *path, size_t size, const char **file) {
    *file = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0 ? "cgroup.procs" : "tasks";
    const char *hierarchy = **file == 'c' ? "" : "/pids";
    snprintf(path, size, "/sys/fs/cgroup%s/brocker-run-tests-%d", hierarchy, (int) getpid());
    return mkdir(path, 0755) == 0;
}

static void theCgroupIsEnteredAndBecomesTheRoot(void) {
    char path[256], file[300];
    const char *name;
    if (!cgroup_make(path, sizeof path, &name)) broken(path);
    snprintf(file, sizeof file, "%s/%s", path, name);
    struct container *container = CONTAINER("cat", "/proc/self/cgroup");
    ORDER(container, "cgroup", file);
    const char *log = log_of(container);
    CHECK_CONTAINS(log, *name == 'c' ? " 0::/\n" : ":pids:/\n");
    CHECK_LACKS(log, "brocker-run-tests");
    container_delete(container);
    container = CONTAINER("await");
    ORDER(container, "cgroup", file);
    container_start(container);
    char members[256];
    file_read(file, members, sizeof members);
    CHECK(strchr(members, '\n') != NULL && strchr(strchr(members, '\n') + 1, '\n') != NULL); /* init and the command */
    container_delete(container);
    for (int i = 0; i < 500 && rmdir(path) != 0; i++) usleep(2000);
    CHECK_NUMBER(access(path, F_OK), -1);
}

static void aMissingCgroupIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "cgroup", "/sys/fs/cgroup/no-such-group/cgroup.procs");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "cgroup", ENOENT, "/sys/fs/cgroup/no-such-group/cgroup.procs");
    container_delete(container);
}

const struct test isolation_tests[] = {
    {"capabilitiesAreDropped", capabilitiesAreDropped, true},
    {"withoutTheOrderNoCapabilityStays", withoutTheOrderNoCapabilityStays, true},
    {"whatBrockerdCouldInheritIsCleared", whatBrockerdCouldInheritIsCleared, true},
    {"anotherUserHasNoneEffective", anotherUserHasNoneEffective, true},
    {"initKeepsOneCapability", initKeepsOneCapability, true},
    {"theCommandStartsWithCleanSignals", theCommandStartsWithCleanSignals, true},
    {"aFilterForbidsOneCall", aFilterForbidsOneCall, true},
    {"aFilterThatTheKernelRefusesIsReported", aFilterThatTheKernelRefusesIsReported, true},
    {"onlyTheStreamsAreOpen", onlyTheStreamsAreOpen, true},
    {"socketsAre3AndOn", socketsAre3AndOn, true},
    {"aMissingSocketIsReported", aMissingSocketIsReported, true},
    {"initIsClosedToTheCommand", initIsClosedToTheCommand, true},
    {"initIsNotDumpable", initIsNotDumpable, true},
    {"theRecordDirectoryOfInitLeadsNowhere", theRecordDirectoryOfInitLeadsNowhere, true},
    {"initGoesOnAfterItWasStopped", initGoesOnAfterItWasStopped, true},
    {"theWorkingDirectoryIsTaken", theWorkingDirectoryIsTaken, true},
    {"aMissingWorkingDirectoryIsReported", aMissingWorkingDirectoryIsReported, true},
    {"theWorkingDirectoryIsEnteredAsTheUser", theWorkingDirectoryIsEnteredAsTheUser, true},
    {"limitsAreTaken", limitsAreTaken, true},
    {"aLimitThatTheKernelRefusesIsReported", aLimitThatTheKernelRefusesIsReported, true},
    {"theHostnameIsTheContainers", theHostnameIsTheContainers, true},
    {"environmentAndArgumentsAreTheOrdered", environmentAndArgumentsAreTheOrdered, true},
    {"theCgroupIsEnteredAndBecomesTheRoot", theCgroupIsEnteredAndBecomesTheRoot, true},
    {"aMissingCgroupIsReported", aMissingCgroupIsReported, true},
    {NULL, NULL, false},
};
