#include "namespaces.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* setresuid(2), setresgid(2): no change. */
static const uid_t KEPT = UINT32_MAX;

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
static bool owner_become(uint32_t id, unsigned long secure_bits) {
    return prctl(PR_SET_SECUREBITS, secure_bits, 0, 0, 0) == 0 && setresgid(KEPT, id, KEPT) == 0
        && setresuid(KEPT, id, KEPT) == 0;
}

/* A process in the new user namespace, by its directory in /proc and by the namespace. */
struct member {
    int process, namespace, error;
};

/* In the new user namespace, with the memory and the descriptors of its parent, which waits. */
static int member_open(void *to) {
    struct member *member = to;
    member->process = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
    member->namespace = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    member->error = errno;
    return 0;
}

/* One line of user_namespaces(7): inside from 0, outside from the first. The kernel takes it in one write or not at all. */
static void ids_map(const struct orders *orders, int process, const char *file) {
    char line[32];
    struct text text = {line, sizeof line, 0};
    text_string(&text, "0 ");
    text_number(&text, orders->first_id);
    text_string(&text, " ");
    text_number(&text, orders->ids);
    int map = openat(process, file, O_WRONLY | O_CLOEXEC);
    if (map < 0 || write(map, line, text.length) != (ssize_t) text.length) fail("user-namespace", errno, file);
    close(map);
}

/* A process that copies no memory takes a fifth of the time of fork(2). It has ended when clone(2) returns, and keeps its entry in
   /proc, and so its namespace, until it is waited for. */
void user_namespace_open(const struct orders *orders) {
    static _Alignas(16) char stack[16 << 10];
    struct member member = {-1, -1, 0};
    if (orders->ids == 0) return;
    if (!owner_become(orders->first_id, SECBIT_NO_SETUID_FIXUP)) fail("user-namespace", errno, "the owner");
    int flags = CLONE_NEWUSER | CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD;
    pid_t child = clone(member_open, stack + sizeof stack, flags, &member);
    if (child < 0) fail("user-namespace", errno, "clone");
    /* A process that has changed its user is as dumpable as the host has it (proc(5), suid_dumpable). */
    if (!owner_become(0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("user-namespace", errno, "the user");
    if (member.process < 0 || member.namespace < 0) fail("user-namespace", member.error, "/proc/self");
    ids_map(orders, member.process, "uid_map");
    ids_map(orders, member.process, "gid_map");
    waitpid(child, NULL, 0);
    close(member.process);
    if (member.namespace == USER_NAMESPACE_FD) return;
    if (dup3(member.namespace, USER_NAMESPACE_FD, O_CLOEXEC) < 0) fail("user-namespace", errno, "descriptor");
    close(member.namespace);
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
