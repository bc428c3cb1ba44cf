#include "namespaces.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

void cgroups_enter(const struct orders *orders) {
    struct order order;
    for (size_t cursor = 0; orders_next(orders, CGROUP, &cursor, &order);) {
        int file = open(order.arguments[0], O_WRONLY | O_CLOEXEC);
        if (file < 0 || write(file, "0", 1) != 1) fail("cgroup", errno, order.arguments[0]);
        close(file);
    }
}

void cgroup_namespace_unshare(void) {
    if (unshare(CLONE_NEWCGROUP) != 0) fail("cgroup", errno, "namespace");
}

/* The kernel charges what a user namespace uses to its owner, who makes it: inotify instances, queued signals, message queues.
   So the owner is the container's own root, not the host's. The capabilities stay, as some hosts let nobody else make one. */
static bool owner_become(uint32_t id) {
    return prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == 0 && setgroups(0, NULL) == 0
        && setresgid(id, id, id) == 0 && setresuid(id, id, id) == 0;
}

/* The child's part: it is in a new user namespace, and says who it is in the /proc that both see. Ends when it is told. */
static _Noreturn void user_namespace_child(uint32_t owner, int tell, int wait) {
    char name[16];
    ssize_t length = owner_become(owner) && unshare(CLONE_NEWUSER) == 0 ? readlink("/proc/self", name, sizeof name) : -1;
    if (length < 0) length = 0;
    ssize_t ignored = write(tell, name, (size_t) length);
    ignored = read(wait, name, 1);
    (void) ignored;
    _exit(0);
}

/* A file of a process: `/proc/` and its name, and what follows. */
static int process_open(const char *name, const char *file, int flags) {
    char path[64] = "";
    struct text text = {path, sizeof path - 1, 0};
    text_string(&text, "/proc/");
    text_string(&text, name);
    text_string(&text, file);
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) fail("user-namespace", errno, file);
    return fd;
}

/* One line of user_namespaces(7): inside from 0, outside from the first. The kernel takes it in one write or not at all. */
static void ids_map(const struct orders *orders, const char *name, const char *file) {
    char line[32];
    struct text text = {line, sizeof line, 0};
    text_string(&text, "0 ");
    text_number(&text, orders->first_id);
    text_string(&text, " ");
    text_number(&text, orders->ids);
    int map = process_open(name, file, O_WRONLY);
    if (write(map, line, text.length) != (ssize_t) text.length) fail("user-namespace", errno, file);
    close(map);
}

void user_namespace_open(const struct orders *orders) {
    int tell[2], wait[2];
    char name[16] = "";
    if (orders->ids == 0) return;
    if (pipe2(tell, O_CLOEXEC) != 0 || pipe2(wait, O_CLOEXEC) != 0) fail("user-namespace", errno, "pipe");
    pid_t child = fork();
    if (child < 0) fail("user-namespace", errno, "fork");
    if (child == 0) {
        close(wait[1]);
        user_namespace_child(orders->first_id, tell[1], wait[0]);
    }
    close(tell[1]);
    close(wait[0]);
    if (read(tell[0], name, sizeof name - 1) <= 0) fail("user-namespace", EPERM, "unshare");
    ids_map(orders, name, "/uid_map");
    ids_map(orders, name, "/gid_map");
    int namespace = process_open(name, "/ns/user", O_RDONLY);
    close(tell[0]);
    close(wait[1]);
    waitpid(child, NULL, 0);
    if (namespace == USER_NAMESPACE_FD) return;
    if (dup3(namespace, USER_NAMESPACE_FD, O_CLOEXEC) < 0) fail("user-namespace", errno, "descriptor");
    close(namespace);
}

void user_namespace_join(const struct orders *orders) {
    if (orders->ids > 0 && setns(USER_NAMESPACE_FD, CLONE_NEWUSER) != 0) fail("user-namespace", errno, "join");
}

void namespaces_join(int pidfd) {
    int all = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC;
    if (setns(pidfd, all) != 0) fail("join", errno, "namespaces");
    close(pidfd);
}

void hostname_set(const struct orders *orders) {
    if (orders->hostname != NULL && sethostname(orders->hostname, strlen(orders->hostname)) != 0)
        fail("hostname", errno, orders->hostname);
}
