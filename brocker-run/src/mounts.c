#include "mounts.h"
#include "namespaces.h"
#include "report.h"
#include "restrict.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A path inside the root, open, and the name under which mount(2) takes it: never walked again, so never redirected. */
struct place {
    int fd;
    char path[32];
};

/* openat2(2), Linux 5.6: symlinks are resolved as if the root were `/`. EAGAIN says that something was renamed meanwhile. */
static bool place_open(struct place *place, int root, const char *target) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
    int attempts = 0;
    do {
        place->fd = (int) syscall(SYS_openat2, root, target, &how, sizeof how);
    } while (place->fd < 0 && errno == EAGAIN && ++attempts < 32);
    if (place->fd < 0) return false;
    fd_path(place->path, sizeof place->path, place->fd);
    return true;
}

enum { CLONE_TREE = 1, WHOLE_TREE = 0x8000, MAP_IDS = 0x100000, FROM_EMPTY = 0x4, TO_EMPTY = 0x40 };

/* open_tree(2), Linux 5.2: a copy of what is mounted at a source, attached nowhere. */
static int tree_copy(int directory, const char *source, unsigned long flags) {
    unsigned long how = CLONE_TREE | O_CLOEXEC | AT_EMPTY_PATH | ((flags & MS_REC) != 0 ? WHOLE_TREE : 0);
    return (int) syscall(SYS_open_tree, directory, source, how);
}

/* move_mount(2), Linux 5.2: the descriptor of the copy then names the mount, without a path that somebody could exchange.
   A file on a directory, or the reverse, is ENOTDIR, as mount(2) answers; move_mount(2) would say EINVAL. */
static bool tree_attach(int tree, int place) {
    struct stat from, to;
    if (fstat(tree, &from) != 0 || fstat(place, &to) != 0) return false;
    if (S_ISDIR(from.st_mode) != S_ISDIR(to.st_mode)) {
        errno = ENOTDIR;
        return false;
    }
    return syscall(SYS_move_mount, tree, "", place, "", FROM_EMPTY | TO_EMPTY) == 0;
}

/* mount_setattr(2), Linux 5.12; an older kernel lets nobody restrict what is attached nowhere. */
static void restrict_detached(int tree, const char *path, unsigned long flags) {
    struct mount_attributes attributes = {.set = flags};
    long result = syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
    if (result != 0 && errno != ENOSYS) fail("mount", errno, path);
}

void directory_detach(int directory) {
    char path[32];
    int tree = tree_copy(directory, "", 0);
    if (tree < 0) fail("log", errno, "the record directory");
    restrict_detached(tree, "the record directory", MS_NOSUID | MS_NODEV | MS_NOEXEC);
    fd_path(path, sizeof path, tree);
    int detached = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* fsync(2) takes no O_PATH descriptor, as the copy is */
    if (detached < 0 || dup3(detached, directory, O_CLOEXEC) < 0) fail("log", errno, "the record directory");
    close(detached);
    /* The copy stays open: its mount ends with it, for which the kernel waits for a grace period of RCU. */
}

static void bind_at(const struct place *place, const char *source, const char *target, unsigned long flags) {
    int tree = tree_copy(AT_FDCWD, source, flags);
    if (tree < 0 || !tree_attach(tree, place->fd)) fail("mount", errno, source);
    if ((flags & ~(unsigned long) (MS_BIND | MS_REC)) != 0) restrict_tree(tree, target, flags);
    close(tree);
}

static void bind_one(int root, const char *source, const char *target, unsigned long flags) {
    struct place place;
    if (!place_open(&place, root, target)) fail("mount", errno, target);
    bind_at(&place, source, target, flags);
    close(place.fd);
}

static const char *or_null(const char *string) {
    return *string == '\0' ? NULL : string;
}

static void mount_one(int root, const char *source, const char *target, const char *type, unsigned long flags,
                      const char *data) {
    struct place place;
    if (!place_open(&place, root, target)) fail("mount", errno, target);
    if (mount(or_null(source), place.path, or_null(type), flags, or_null(data)) != 0) fail("mount", errno, target);
    close(place.fd);
}

/* A bind mount whose files belong inside to the numbers that they belong to outside (mount_setattr(2), MOUNT_ATTR_IDMAP).
   EINVAL: the file system cannot; ENOSYS: the kernel is older than 5.12. */
static void mapped_mount_one(int root, const char *source, const char *target, unsigned long flags) {
    struct place place;
    struct mount_attributes attributes = {.set = (flags & RESTRICTIONS) | MAP_IDS, .userns = USER_NAMESPACE_FD};
    if (!place_open(&place, root, target)) fail("mount", errno, target);
    int tree = tree_copy(AT_FDCWD, source, MS_REC);
    if (tree < 0) fail("mount", errno, source);
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0)
        fail("mapped-mount", errno, source);
    if (!tree_attach(tree, place.fd)) fail("mount", errno, errno == ENOTDIR ? source : target);
    close(tree);
    close(place.fd);
}

/* False for what is not there; any other failure ends the program. */
static bool place_find(struct place *place, int root, const char *target) {
    if (place_open(place, root, target)) return true;
    if (errno != ENOENT && errno != ENOTDIR) fail("mount", errno, target);
    return false;
}

/* The container's own /dev/null: the host's would give its mode and owner away. 0, or -1 with errno. */
static int null_attach(int root, int fd) {
    struct place null;
    if (!place_open(&null, root, "/dev/null")) return -1;
    int tree = tree_copy(null.fd, "", 0);
    bool attached = tree >= 0 && tree_attach(tree, fd);
    int error = errno;
    close(null.fd);
    close(tree);
    errno = error;
    return attached ? 0 : -1;
}

static void mask_one(int root, const char *target) {
    struct place place;
    struct stat file;
    if (!place_find(&place, root, target)) return;
    if (fstat(place.fd, &file) != 0) fail("mount", errno, target);
    int result = S_ISDIR(file.st_mode)
        ? mount("tmpfs", place.path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0555")
        : null_attach(root, place.fd);
    if (result != 0) fail("mount", errno, target);
    close(place.fd);
}

static void read_only_one(int root, const char *target) {
    struct place place;
    if (!place_find(&place, root, target)) return;
    int tree = tree_copy(place.fd, "", MS_REC);
    if (tree < 0 || !tree_attach(tree, place.fd)) fail("mount", errno, target);
    restrict_tree(tree, target, MS_RDONLY | MS_REC);
    close(tree);
    close(place.fd);
}

/* A file of brockerd's over one of the container's. What the container has made of the place is its own affair: where it leads to no
   file inside the root, nothing is mounted. */
static void file_one(int root, const char *source, const char *target, unsigned long flags) {
    struct place place;
    struct stat file;
    if (!place_open(&place, root, target)) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG || errno == EXDEV) return;
        fail("mount", errno, target);
    }
    if (fstat(place.fd, &file) != 0) fail("mount", errno, target);
    if (S_ISREG(file.st_mode)) bind_at(&place, source, target, flags);
    close(place.fd);
}

static void mount_order(int root, const struct order *order) {
    unsigned long flags = (unsigned long) order_number(order, 3);
    const char *source = order->arguments[0], *target = order->arguments[1], *type = order->arguments[2];
    if (strcmp(type, "mapped") == 0)
        mapped_mount_one(root, source, target, flags);
    else if ((flags & MS_BIND) != 0 && (flags & MS_REMOUNT) == 0)
        bind_one(root, source, target, flags);
    else
        mount_one(root, source, target, type, flags, order->arguments[4]);
}

int mounts_make(const struct orders *orders) {
    struct order order;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mount", errno, "/");
    int root = open(orders->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) fail("mount", errno, orders->root);
    for (size_t cursor = 0; orders_next(orders, MOUNT, &cursor, &order);) mount_order(root, &order);
    if (orders->tree != NULL) {
        struct place tree;
        if (!place_open(&tree, root, orders->tree)) fail("mount", errno, orders->tree);
        close(root);
        root = tree.fd;
    }
    for (size_t cursor = 0; orders_next(orders, ONE_FILE, &cursor, &order);)
        file_one(root, order.arguments[0], order.arguments[1], (unsigned long) order_number(&order, 2));
    if (orders->app != NULL) bind_one(root, orders->app, "/app", MS_NOSUID | MS_NODEV);
    for (size_t cursor = 0; orders_next(orders, MASK, &cursor, &order);) mask_one(root, order.arguments[0]);
    for (size_t cursor = 0; orders_next(orders, READ_ONLY, &cursor, &order);) read_only_one(root, order.arguments[0]);
    return root;
}

void root_enter(const struct orders *orders, int root) {
    int old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old_root < 0) fail("pivot", errno, "/");
    /* pivot_root(2), NOTES: with "." for both, the old root lies over the new one until it is detached. */
    if (fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0) fail("pivot", errno, orders->root);
    if (fchdir(old_root) != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) fail("pivot", errno, "/");
    if (orders->count[ROOT_READ_ONLY] > 0) {
        unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | flags_of(root, "/");
        if (mount(NULL, "/", NULL, flags, NULL) != 0) fail("mount", errno, "/");
    }
    close(old_root);
    close(root);
}
