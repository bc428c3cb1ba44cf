#include "restrict.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Address space alone; memory is taken by what is read. */
enum { MOST_BYTES = 64 << 20, MOST_ROUNDS = 32 };

void fd_path(char *to, size_t size, int fd) {
    struct text path = {to, size - 1, 0};
    text_string(&path, "/proc/self/fd/");
    text_number(&path, (uint64_t) fd);
    to[path.length] = '\0';
}

unsigned long flags_of(int fd, const char *target) {
    struct statvfs mounted;
    if (fstatvfs(fd, &mounted) != 0) fail("mount", errno, target);
    unsigned long same = ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME;
    return (mounted.f_flag & same) | ((mounted.f_flag & ST_RELATIME) != 0 ? MS_RELATIME : 0);
}

/* mount(2) on the root of a mount; false with errno. */
static bool remount(int mounted, const char *target, unsigned long flags) {
    char path[32];
    fd_path(path, sizeof path, mounted);
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags | flags_of(mounted, target), NULL) == 0;
}

/* The field of a line that has so many before it, and the space that follows it; NULL when there are fewer. */
static const char *field(const char *line, int number) {
    for (; number > 0; number--) {
        line += strcspn(line, " \n");
        if (*line++ != ' ') return NULL;
    }
    return line[strcspn(line, " \n")] == ' ' ? line : NULL;
}

bool mountinfo_parse(const char *line, struct mounted *mounted) {
    mounted->path = field(line, 4);
    mounted->options = field(line, 5);
    return mounted->options != NULL;
}

/* A character of a path and where the next one begins: a backslash and three octal digits are one. */
static const char *character(const char *path, char *to) {
    *to = *path;
    if (*path != '\\') return path + 1;
    int value = 0;
    for (int i = 1; i <= 3; i++) {
        if (path[i] < '0' || path[i] > '7') return path + 1;
        value = value * 8 + (path[i] - '0');
    }
    *to = (char) value;
    return path + 4;
}

bool mountinfo_below(const char *path, const char *directory, char *to, size_t size) {
    size_t length = strcmp(directory, "/") == 0 ? 0 : strlen(directory), count = 0;
    while (*path != ' ' && count < size - 1) path = character(path, &to[count++]);
    to[count] = '\0';
    return count > length && to[length] == '/' && to[length + 1] != '\0' && strncmp(to, directory, length) == 0;
}

static bool has_option(const char *options, const char *name) {
    size_t length = strlen(name);
    for (;; options++) {
        if (strncmp(options, name, length) == 0 && (options[length] == ',' || options[length] == ' ')) return true;
        options += strcspn(options, ", ");
        if (*options != ',') return false;
    }
}

unsigned long mountinfo_lacks(const char *options, unsigned long flags) {
    static const struct { unsigned long flag; const char *name; } known[] = {
        {MS_RDONLY, "ro"}, {MS_NOSUID, "nosuid"}, {MS_NODEV, "nodev"}, {MS_NOEXEC, "noexec"},
    };
    unsigned long lacking = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if ((flags & known[i].flag) != 0 && !has_option(options, known[i].name)) lacking |= known[i].flag;
    return lacking;
}

/* Whether a later mount lies on the same path or above it, so that this one cannot be reached. */
static bool covered(const char *path, const char *next) {
    struct mounted later;
    for (; *next != '\0'; next += strcspn(next, "\n"), next += *next == '\n') {
        if (!mountinfo_parse(next, &later)) continue;
        size_t length = strcspn(later.path, " ");
        if (strncmp(later.path, path, length) == 0 && (path[length] == ' ' || path[length] == '/')) return true;
    }
    return false;
}

static void mountinfo_read(char *bytes, const char *target) {
    size_t length = 0;
    int file = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (file < 0) fail("mount", errno, target);
    for (ssize_t taken = 1; taken > 0; length += (size_t) taken) {
        if (length == MOST_BYTES - 1) fail("mount", ENOMEM, target);
        taken = read(file, bytes + length, MOST_BYTES - 1 - length);
        if (taken < 0) fail("mount", errno, target);
    }
    bytes[length] = '\0';
    close(file);
}

/* The root of the mount at a path of mountinfo, in which no symbolic link is. Somebody who may rename a directory above it
   outside can lead this elsewhere: the next look at mountinfo tells. */
static void restrict_path(const char *path, const char *target, unsigned long flags) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    int mounted = (int) syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    if (mounted < 0) return;
    if (!remount(mounted, target, flags) && errno != EINVAL) fail("mount", errno, target);
    close(mounted);
}

/* Restricts what lies below a directory and lacks some of it. Gives the number of those mounts. */
static int round_of(const char *bytes, const char *directory, const char *target, unsigned long flags) {
    static char path[PATH_MAX];
    struct mounted mounted;
    int found = 0;
    for (const char *line = bytes; *line != '\0';) {
        const char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (mountinfo_parse(line, &mounted) && mountinfo_below(mounted.path, directory, path, sizeof path)
            && mountinfo_lacks(mounted.options, flags) != 0 && !covered(mounted.path, next)) {
            restrict_path(path, target, flags);
            found++;
        }
        line = next;
    }
    return found;
}

/* Kernels before 5.12: each by itself, until no mount below lacks anything. */
static void restrict_each(int tree, const char *target, unsigned long flags) {
    char name[32], directory[PATH_MAX];
    fd_path(name, sizeof name, tree);
    ssize_t length = readlink(name, directory, sizeof directory - 1);
    if (length < 0) fail("mount", errno, target);
    directory[length] = '\0';
    char *bytes = mmap(NULL, MOST_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED) fail("mount", errno, target);
    int rounds = 0;
    do {
        if (rounds++ == MOST_ROUNDS) fail("mount", EBUSY, target);
        mountinfo_read(bytes, target);
    } while (round_of(bytes, directory, target, flags) > 0);
    munmap(bytes, MOST_BYTES);
}

void restrict_tree(int tree, const char *target, unsigned long flags) {
    struct mount_attributes attributes = {.set = flags & RESTRICTIONS};
    if (!remount(tree, target, flags & ~(unsigned long) MS_REC)) fail("mount", errno, target);
    if ((flags & MS_REC) == 0) return;
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) == 0) return;
    if (errno != ENOSYS) fail("mount", errno, target);
    restrict_each(tree, target, flags & RESTRICTIONS);
}
