/* What the command sees and may do: mounts, user, capabilities, seccomp, descriptors. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs it and gives its log. */
static const char *log_of(struct container *container) {
    CHECK_NUMBER(container_run(container), 0);
    CHECK_NUMBER(container->status_length, 0);
    return container_file(container, "log");
}

static void make(const char *path, const char *content) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || write(file, content, strlen(content)) < 0) broken(path);
    close(file);
}

static void prepare_secrets(void) {
    if (mkdir("data/folder", 0755) != 0) broken("data/folder");
    make("data/folder/key", "secret");
    make("data/secret", "secret");
}

static void masksHideFilesAndFolders(void) {
    struct container *container = CONTAINER("cat", "/data/secret", "/data/folder/key");
    container->prepare = prepare_secrets;
    ORDER(container, "mask", "/data/secret");
    ORDER(container, "mask", "/data/folder");
    ORDER(container, "mask", "/data/missing");
    ORDER(container, "mask", "/marker/below-a-file");
    const char *log = log_of(container);
    CHECK_LACKS(log, "secret");
    CHECK_CONTAINS(log, "open errno 2\n");
    container_delete(container);
}

static void readOnlyPathsRefuseWrites(void) {
    struct container *container = CONTAINER("write", "/data/new", "/proc/sys/kernel/domainname", "/tmp/new", "/top");
    ORDER(container, "read-only", "/data");
    ORDER(container, "read-only", "/proc/sys");
    ORDER(container, "read-only", "/missing");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /data/new 30\n");
    CHECK_CONTAINS(log, " /proc/sys/kernel/domainname 30\n");
    CHECK_CONTAINS(log, " /tmp/new 0\n");
    CHECK_CONTAINS(log, " /top 0\n");
    container_delete(container);
}

static void theRootCanBeReadOnly(void) {
    struct container *container = CONTAINER("write", "/top", "/tmp/new");
    ORDER(container, "mount", "tmpfs", "/tmp", "tmpfs", "6", "size=64k");
    ORDER(container, "root-read-only");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /top 30\n");
    CHECK_CONTAINS(log, " /tmp/new 0\n");
    container_delete(container);
}

/* The link leads to the container's /data, whatever the host has under the same name. */
static void prepare_link(void) {
    if (symlink("../../../../../../data", "escape") != 0) broken("symlink");
}

static void aLinkedTargetIsResolvedInTheRoot(void) {
    struct container *container = CONTAINER("cat", "/proc/self/mountinfo");
    container->prepare = prepare_link;
    ORDER(container, "mount", "linked", "/escape", "tmpfs", "0", "");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /data rw");
    container_delete(container);
}

static void prepare_link_out(void) {
    if (symlink("/tmp/only-on-the-host", "escape") != 0 || mkdir("/tmp/only-on-the-host", 0755) != 0) broken("symlink");
}

static void aLinkToAPlaceOfTheHostIsRefused(void) {
    struct container *container = CONTAINER("exit", "0");
    container->prepare = prepare_link_out;
    ORDER(container, "mount", "linked", "/escape", "tmpfs", "0", "");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "mount", ENOENT, "/escape");
    CHECK_NUMBER(rmdir("/tmp/only-on-the-host"), 0);
    container_delete(container);
}

static void aMissingSourceIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "mount", "/no/such/folder", "/data", "", "4096", "");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "mount", ENOENT, "/no/such/folder");
    container_delete(container);
}

/* Flags 20481: MS_BIND, MS_REC, MS_RDONLY. The source has a mount below it. */
static void flagsOfABindAreReal(void) {
    char source[300], below[320], line[400];
    struct container *container = CONTAINER("write", "/data/new", "/data/below/new");
    snprintf(source, sizeof source, "%s/source", container->folder);
    snprintf(below, sizeof below, "%s/below", source);
    if (mkdir(source, 0755) != 0 || mkdir(below, 0755) != 0) broken(below);
    if (mount("tmpfs", below, "tmpfs", 0, NULL) != 0) broken(below);
    ORDER(container, "mount", source, "/data", "", "20481", "");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /data/new 30\n");
    CHECK_CONTAINS(log, " /data/below/new 30\n");
    snprintf(line, sizeof line, "%s/new", below);
    CHECK_NUMBER(umount2(below, 0), 0);
    rmdir(below);
    rmdir(source);
    container_delete(container);
}

static void theAppIsBoundWithoutDevicesAndSetuid(void) {
    char source[300];
    struct container *container = CONTAINER("cat", "/app/hello", "/proc/self/mountinfo");
    snprintf(source, sizeof source, "%s/root", container->folder);
    ORDER(container, "app", container->folder);
    char path[300];
    snprintf(path, sizeof path, "%s/hello", container->folder);
    make(path, "from the app\n");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "from the app\n");
    CHECK_CONTAINS(log, " /app rw,nosuid,nodev");
    unlink(path);
    container_delete(container);
}

static void nothingOfTheHostIsLeftMounted(void) {
    struct container *container = CONTAINER("cat", "/proc/self/mountinfo");
    const char *log = log_of(container);
    int lines = 0;
    for (const char *at = log; (at = strchr(at, '\n')) != NULL; at++) lines++;
    CHECK_NUMBER(lines, 3); /* the root, bin/inside, /proc */
    container_delete(container);
}

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
    {"masksHideFilesAndFolders", masksHideFilesAndFolders, true},
    {"readOnlyPathsRefuseWrites", readOnlyPathsRefuseWrites, true},
    {"theRootCanBeReadOnly", theRootCanBeReadOnly, true},
    {"aLinkedTargetIsResolvedInTheRoot", aLinkedTargetIsResolvedInTheRoot, true},
    {"aLinkToAPlaceOfTheHostIsRefused", aLinkToAPlaceOfTheHostIsRefused, true},
    {"aMissingSourceIsReported", aMissingSourceIsReported, true},
    {"flagsOfABindAreReal", flagsOfABindAreReal, true},
    {"theAppIsBoundWithoutDevicesAndSetuid", theAppIsBoundWithoutDevicesAndSetuid, true},
    {"nothingOfTheHostIsLeftMounted", nothingOfTheHostIsLeftMounted, true},
    {"capabilitiesAreDropped", capabilitiesAreDropped, true},
    {"withoutTheOrderNoCapabilityStays", withoutTheOrderNoCapabilityStays, true},
    {"anotherUserHasNoneEffective", anotherUserHasNoneEffective, true},
    {"theCommandStartsWithCleanSignals", theCommandStartsWithCleanSignals, true},
    {"aFilterForbidsOneCall", aFilterForbidsOneCall, true},
    {"aFilterThatTheKernelRefusesIsReported", aFilterThatTheKernelRefusesIsReported, true},
    {"onlyTheStreamsAreOpen", onlyTheStreamsAreOpen, true},
    {"socketsAre3AndOn", socketsAre3AndOn, true},
    {"aMissingSocketIsReported", aMissingSocketIsReported, true},
    {"initIsClosedToTheCommand", initIsClosedToTheCommand, true},
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
