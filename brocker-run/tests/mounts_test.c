/* What the command sees: mounts, masks, the root. */
#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* The host's file would be written through a link that somebody follows outside of the root. */
static void prepare_names(void) {
    make("data/hosts", "of the container");
    if (symlink("/marker/none", "data/link") != 0 || symlink("loop", "data/loop") != 0) broken("symlink");
    if (mkdir("data/folder", 0755) != 0) broken("data/folder");
}

static void aFileIsMountedOnAFileAlone(void) {
    char source[300];
    struct container *container = CONTAINER("cat", "/data/hosts", "/data/link");
    container->prepare = prepare_names;
    snprintf(source, sizeof source, "%s/names", container->folder);
    make(source, "of brockerd");
    ORDER(container, "file", source, "/data/hosts", "4096");
    ORDER(container, "file", source, "/data/link", "4096");
    ORDER(container, "file", source, "/data/loop", "4096");
    ORDER(container, "file", source, "/data/folder", "4096");
    ORDER(container, "file", source, "/data/missing", "4096");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "of brockerd");
    CHECK_CONTAINS(log, "open errno ");
    CHECK_LACKS(log, "of the container");
    unlink(source);
    container_delete(container);
}

static void aMissingSourceIsReported(void) {
    struct container *container = CONTAINER("exit", "0");
    ORDER(container, "mount", "/no/such/folder", "/data", "", "4096", "");
    CHECK_NUMBER(WEXITSTATUS(container_run(container)), 127);
    CHECK_STATUS(container, "mount", ENOENT, "/no/such/folder");
    container_delete(container);
}

/* A source with mounts below it: one with a name that mountinfo escapes, one in that, and one that another one covers. */
static const char *const submounts[] = {"a \\ b\n", "a \\ b\n/deep", "covered", "covered"};
enum { SUBMOUNTS = sizeof submounts / sizeof *submounts };

static void source_make(const struct container *container, char *source, size_t size) {
    char below[320];
    snprintf(source, size, "%s/source", container->folder);
    if (mkdir(source, 0755) != 0 || mount("tmpfs", source, "tmpfs", 0, NULL) != 0) broken(source);
    for (size_t i = 0; i < SUBMOUNTS; i++) {
        snprintf(below, sizeof below, "%s/%s", source, submounts[i]);
        if (mkdir(below, 0755) != 0 && errno != EEXIST) broken(below);
        if (mount("tmpfs", below, "tmpfs", MS_NOATIME, NULL) != 0) broken(below);
    }
}

static void source_delete(const char *source) {
    CHECK_NUMBER(umount2(source, MNT_DETACH), 0);
    rmdir(source);
}

/* mount_setattr(2) answers ENOSYS (38), as before Linux 5.12. */
static void prepare_old_kernel(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount_setattr, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog rules = {.len = sizeof filter / sizeof *filter, .filter = filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &rules) != 0) broken("seccomp");
}

/* Flags 20487: MS_BIND, MS_REC, MS_RDONLY, MS_NOSUID, MS_NODEV; 20486: the same to be written. */
static void whatIsBelowIsRestrictedToo(void (*prepare)(void)) {
    char source[300];
    struct container *container =
        CONTAINER("write", "/data/new", "/data/a \\ b\n/new", "/data/a \\ b\n/deep/new", "/data/covered/new");
    container->prepare = prepare;
    source_make(container, source, sizeof source);
    ORDER(container, "mount", source, "/data", "", "20487", "");
    const char *log = log_of(container);
    CHECK_CONTAINS(log, " /data/new 30\n");
    CHECK_CONTAINS(log, "/new 30\n");
    CHECK_CONTAINS(log, "/deep/new 30\n");
    CHECK_CONTAINS(log, "/covered/new 30\n");
    CHECK_LACKS(log, "/new 0\n");
    source_delete(source);
    container_delete(container);

    container = CONTAINER("cat", "/proc/self/mountinfo");
    container->prepare = prepare;
    source_make(container, source, sizeof source);
    ORDER(container, "mount", source, "/data", "", "20486", "");
    log = log_of(container);
    CHECK_CONTAINS(log, " /data rw,nosuid,nodev,relatime");
    CHECK_CONTAINS(log, " /data/a\\040\\134\\040b\\012 rw,nosuid,nodev,noatime");
    CHECK_CONTAINS(log, " /data/a\\040\\134\\040b\\012/deep rw,nosuid,nodev,noatime");
    CHECK_CONTAINS(log, " /data/covered rw,nosuid,nodev,noatime");
    source_delete(source);
    container_delete(container);
}

static void whatIsMountedBelowABindIsRestricted(void) {
    whatIsBelowIsRestrictedToo(NULL);
}

static void whatIsMountedBelowABindIsRestrictedByOldKernels(void) {
    whatIsBelowIsRestrictedToo(prepare_old_kernel);
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

/* What is mounted below the root can become the root itself, and the rest of it is gone. */
static void prepare_tree(void) {
    static const char *const folders[] = {"tmp/bin", "tmp/proc", "tmp/app"};
    char inside[PATH_MAX];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdir(folders[i], 0755) != 0) broken(folders[i]);
    make("tmp/bin/inside", "");
    make("tmp/own", "of the tree\n");
    if (realpath("bin/inside", inside) == NULL || mount(inside, "tmp/bin/inside", NULL, MS_BIND, NULL) != 0) broken(inside);
}

static void aTreeBecomesTheRoot(void) {
    char source[300];
    struct container *container = CONTAINER("cat", "/own", "/marker", "/proc/self/mountinfo");
    container->prepare = prepare_tree;
    snprintf(source, sizeof source, "%s/root/tmp", container->folder);
    ORDER(container, "mount", source, "/data", "", "20480", "");
    ORDER(container, "mount", "proc", "/data/proc", "proc", "14", "");
    ORDER(container, "tree", "/data");
    ORDER(container, "app", container->folder);
    const char *log = log_of(container);
    CHECK_CONTAINS(log, "of the tree\n");
    CHECK_CONTAINS(log, "open errno 2\n");
    CHECK_CONTAINS(log, " /app rw,nosuid,nodev");
    CHECK_LACKS(log, " /data");
    container_delete(container);
}

const struct test mounts_tests[] = {
    {"masksHideFilesAndFolders", masksHideFilesAndFolders, true},
    {"readOnlyPathsRefuseWrites", readOnlyPathsRefuseWrites, true},
    {"theRootCanBeReadOnly", theRootCanBeReadOnly, true},
    {"aLinkedTargetIsResolvedInTheRoot", aLinkedTargetIsResolvedInTheRoot, true},
    {"aLinkToAPlaceOfTheHostIsRefused", aLinkToAPlaceOfTheHostIsRefused, true},
    {"aFileIsMountedOnAFileAlone", aFileIsMountedOnAFileAlone, true},
    {"aMissingSourceIsReported", aMissingSourceIsReported, true},
    {"flagsOfABindAreReal", flagsOfABindAreReal, true},
    {"whatIsMountedBelowABindIsRestricted", whatIsMountedBelowABindIsRestricted, true},
    {"whatIsMountedBelowABindIsRestrictedByOldKernels", whatIsMountedBelowABindIsRestrictedByOldKernels, true},
    {"theAppIsBoundWithoutDevicesAndSetuid", theAppIsBoundWithoutDevicesAndSetuid, true},
    {"aTreeBecomesTheRoot", aTreeBecomesTheRoot, true},
    {"nothingOfTheHostIsLeftMounted", nothingOfTheHostIsLeftMounted, true},
    {NULL, NULL, false},
};
