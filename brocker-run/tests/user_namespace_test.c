/* A user namespace of the container's own: who is who inside and outside, and whose files are whose. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void prepare_folders_of_users(void) {
    if (chmod("tmp", 01777) != 0 || chown("data", 70000, 70000) != 0 || chmod("data", 0700) != 0) broken("data");
}

static void rootInsideIsNobodyOutside(void) {
    struct container *container = CONTAINER("cat", "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/status");
    container->prepare = prepare_folders_of_users;
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "capabilities", "00000000000004a1");
    const char *log = log_of(container);
    const char *map = strstr(log, "         0      70000       1000\n");
    CHECK(map != NULL && strstr(map + 1, "         0      70000       1000\n") != NULL);
    CHECK_CONTAINS(log, "Uid:\t0\t0\t0\t0\n");
    CHECK_CONTAINS(log, "CapEff:\t00000000000004a1\n");
    CHECK_CONTAINS(log, "CapBnd:\t00000000000004a1\n");
    container_delete(container);
}

static void rootInsideReachesOnlyWhatIsItsOwn(void) {
    struct container *container = CONTAINER("write", "/data/new", "/tmp/new", "/top", "/proc/1/mem", "/proc/sys/kernel/core_pattern");
    container->prepare = prepare_folders_of_users;
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "capabilities", "ffffffffffffffff");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /data/new 0\n");
    CHECK_CONTAINS(log, " /tmp/new 0\n");
    CHECK_CONTAINS(log, " /top 13\n");
    CHECK_CONTAINS(log, " /proc/1/mem 13\n");
    CHECK_CONTAINS(log, " /proc/sys/kernel/core_pattern 13\n");
    container_delete(container);
    container = CONTAINER("write", "/data/new", "/tmp/new", "/top");
    container->prepare = prepare_folders_of_users;
    ORDER(container, "capabilities", "ffffffffffffffff");
    CHECK_CONTAINS(log_of(container), " /top 0\n"); /* without the order it is the host's root */
    container_delete(container);
}

static void anotherUserOfTheNamespaceHasNothing(void) {
    struct container *container = CONTAINER("cat", "/proc/self/status");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "capabilities", "00000000000004a1");
    ORDER(container, "user", "10", "11");
    ORDER(container, "group", "12");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "Uid:\t10\t10\t10\t10\n");
    CHECK_CONTAINS(log, "Groups:\t12 \n");
    CHECK_CONTAINS(log, "CapPrm:\t0000000000000000\n");
    CHECK_CONTAINS(log, "CapEff:\t0000000000000000\n");
    container_delete(container);
}

static void aUserThatIsNotMappedIsRefused(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "1000", "0");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "user", EINVAL, "the user");
    container_delete(container);
}

static void theStreamsCanBeOpenedAgain(void) {
    struct container *container = CONTAINER("write", "/proc/self/fd/1", "/proc/self/fd/2");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /proc/self/fd/1 0\n");
    CHECK_CONTAINS(log, " /proc/self/fd/2 0\n");
    container_delete(container);
}

static void aCommandOfAnotherUserIsSignalledAndKilled(void) {
    struct container *container = CONTAINER("leave-child");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 0);
    container_delete(container);
    container = CONTAINER("await");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    container_start(container);
    container_await(container, "ready");
    kill(container->pid, SIGTERM);
    CHECK_NUMBER(WEXITSTATUS(container_wait(container)), 100 + SIGTERM);
    container_delete(container);
}

/* A folder with a file of user 10, group 11, on the file system of the programs: tmpfs can map ids only from Linux 6.3. */
static const char *source_of_user_10(void) {
    static char folder[4096];
    char file[4200];
    snprintf(folder, sizeof folder, "%s/source-XXXXXX", target_directory);
    if (mkdtemp(folder) == NULL) broken(folder);
    snprintf(file, sizeof file, "%s/mine", folder);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, "of user 10\n", 11) != 11 || fchown(fd, 10, 11) != 0 || chown(folder, 10, 11) != 0) broken(file);
    close(fd);
    if (realpath(folder, file) == NULL) broken(folder);
    strcpy(folder, file);
    return folder;
}

static void source_delete(const char *folder) {
    char file[4200];
    snprintf(file, sizeof file, "%s/new", folder);
    unlink(file);
    snprintf(file, sizeof file, "%s/mine", folder);
    unlink(file);
    CHECK_NUMBER(rmdir(folder), 0);
}

static void aMappedMountKeepsTheOwners(void) {
    const char *folder = source_of_user_10();
    char file[4200];
    struct stat made;
    struct container *container = CONTAINER("cat", "/data/mine");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    ORDER(container, "mount", folder, "/data", "mapped", "6", "");
    CHECK_CONTAINS(log_of(container), "of user 10\n");
    container_delete(container);
    container = CONTAINER("write", "/data/new");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    ORDER(container, "mount", folder, "/data", "mapped", "6", "");
    CHECK_CONTAINS(log_of(container), " /data/new 0\n");
    snprintf(file, sizeof file, "%s/new", folder);
    CHECK_NUMBER(stat(file, &made), 0);
    CHECK_NUMBER(made.st_uid, 10);
    CHECK_NUMBER(made.st_gid, 11);
    container_delete(container);
    container = CONTAINER("read", "/data/mine");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    ORDER(container, "mount", folder, "/data", "", "4096", "");
    CHECK_CONTAINS(log_of(container), " /data/mine 13\n"); /* not mapped, it is nobody's */
    container_delete(container);
    source_delete(folder);
}

/* Flags 7: MS_RDONLY, MS_NOSUID, MS_NODEV. */
static void aMappedMountCanBeReadOnly(void) {
    const char *folder = source_of_user_10();
    struct container *container = CONTAINER("write", "/data/new");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "user", "10", "11");
    ORDER(container, "mount", folder, "/data", "mapped", "7", "");
    CHECK_CONTAINS(log_of(container), " /data/new 30\n");
    container_delete(container);
    container = CONTAINER("cat", "/proc/self/mountinfo");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "mount", folder, "/data", "mapped", "7", "");
    CHECK_CONTAINS(log_of(container), " /data ro,nosuid,nodev");
    container_delete(container);
    source_delete(folder);
}

static void aFileSystemThatCannotMapIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "mount", "/proc", "/data", "mapped", "6", "");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "mapped-mount", EINVAL, "/proc");
    container_delete(container);
    container = CONTAINER("exit", "0");
    ORDER(container, "mount", "/tmp", "/data", "mapped", "6", "");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "mapped-mount", EBADF, "/tmp"); /* there is no user namespace */
    container_delete(container);
}

static void execJoinsTheNamespace(void) {
    struct container *container = CONTAINER("await");
    ORDER(container, "user-namespace", "70000", "1000");
    ORDER(container, "capabilities", "21");
    container_start(container);
    CHECK_NUMBER(container->status_length, 0);
    struct session *session = SESSION("cat", "/proc/self/uid_map", "/proc/self/status");
    ORDER(session, "user-namespace", "70000", "1000");
    ORDER(session, "capabilities", "21");
    CHECK_NUMBER(session_run(session, container), 0);
    CHECK_CONTAINS(session->output, "         0      70000       1000\n");
    CHECK_CONTAINS(session->output, "Uid:\t0\t0\t0\t0\n");
    CHECK_CONTAINS(session->output, "CapEff:\t0000000000000021\n");
    session = SESSION("descriptors");
    ORDER(session, "user-namespace", "70000", "1000");
    session_run(session, container);
    CHECK_LACKS(session->output, "user:");
    container_delete(container);
}

/* NS_GET_OWNER_UID, ioctl_ns(2): whom the kernel charges for what is used inside. */
static void theNamespaceBelongsToItsFirstId(void) {
    struct container *container = CONTAINER("await");
    char path[64];
    uid_t owner = 0;
    ORDER(container, "user-namespace", "70000", "1000");
    container_start(container);
    container_await(container, "ready");
    snprintf(path, sizeof path, "/proc/%d/fd/9", container->pid);
    int namespace = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(namespace >= 0);
    CHECK_NUMBER(ioctl(namespace, NS_GET_OWNER_UID, &owner), 0);
    CHECK_NUMBER(owner, 70000);
    close(namespace);
    container_delete(container);
}

static void execWithoutTheNamespaceIsReported(void) {
    struct container *container = CONTAINER("await");
    container_start(container);
    struct session *session = SESSION("exit", "0");
    session->stranger = true;
    ORDER(session, "user-namespace", "70000", "1000");
    CHECK_NUMBER(WEXITSTATUS(session_run(session, container)), 127);
    CHECK_STATUS(session, "user-namespace", EBADF, "join");
    container_delete(container);
}

const struct test user_namespace_tests[] = {
    {"rootInsideIsNobodyOutside", rootInsideIsNobodyOutside, true},
    {"rootInsideReachesOnlyWhatIsItsOwn", rootInsideReachesOnlyWhatIsItsOwn, true},
    {"anotherUserOfTheNamespaceHasNothing", anotherUserOfTheNamespaceHasNothing, true},
    {"aUserThatIsNotMappedIsRefused", aUserThatIsNotMappedIsRefused, true},
    {"theStreamsCanBeOpenedAgain", theStreamsCanBeOpenedAgain, true},
    {"aCommandOfAnotherUserIsSignalledAndKilled", aCommandOfAnotherUserIsSignalledAndKilled, true},
    {"aMappedMountKeepsTheOwners", aMappedMountKeepsTheOwners, true},
    {"aMappedMountCanBeReadOnly", aMappedMountCanBeReadOnly, true},
    {"aFileSystemThatCannotMapIsReported", aFileSystemThatCannotMapIsReported, true},
    {"execJoinsTheNamespace", execJoinsTheNamespace, true},
    {"theNamespaceBelongsToItsFirstId", theNamespaceBelongsToItsFirstId, true},
    {"execWithoutTheNamespaceIsReported", execWithoutTheNamespaceIsReported, true},
    {NULL, NULL, false},
};
