#ifndef BROCKER_RUN_NAMESPACES_H
#define BROCKER_RUN_NAMESPACES_H

#include "orders.h"

/** Moves this process into every ordered cgroup. Exits at stage `cgroup`. */
void cgroups_enter(const struct orders *orders);

/** Makes the cgroups just entered the root of what is seen (cgroup_namespaces(7)). Exits at stage `cgroup`. */
void cgroup_namespace_unshare(void);

/** Joins the mount and cgroup namespaces of a process (setns(2) with a pidfd, Linux 5.8). Exits at stage `join`. */
void namespaces_join(int pidfd);

/** Exits at stage `hostname`. */
void hostname_set(const struct orders *orders);

#endif
