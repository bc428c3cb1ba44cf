#include "namespaces.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
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

void namespaces_join(int pidfd) {
    if (setns(pidfd, CLONE_NEWNS | CLONE_NEWCGROUP) != 0) fail("join", errno, "namespaces");
    close(pidfd);
}

void hostname_set(const struct orders *orders) {
    if (orders->hostname != NULL && sethostname(orders->hostname, strlen(orders->hostname)) != 0)
        fail("hostname", errno, orders->hostname);
}
