#ifndef BROCKER_RUN_NAMESPACES_H
#define BROCKER_RUN_NAMESPACES_H

#include "orders.h"

/** Moves this process into every ordered cgroup. Exits at stage `cgroup`. */
void cgroups_enter(const struct orders *orders);

/** Makes the cgroups just entered the root of what is seen (cgroup_namespaces(7)). Exits at stage `cgroup`. */
void cgroup_namespace_unshare(void);

/**
 * Makes a user namespace in which the ordered ids are 0, 1, …, and which the first of them owns, without being in it; the
 * descriptor is its only tie. Nothing without the order. Needs the /proc that this process was started under. Exits at stage `user-namespace`.
 */
void user_namespace_open(const struct orders *orders);

/** From now on without a right outside of it, and with all rights inside (user_namespaces(7)). Exits at stage `user-namespace`. */
void user_namespace_join(const struct orders *orders);

/** The descriptor of the user namespace: made by init, given to exec. */
enum { USER_NAMESPACE_FD = 9 };

/**
 * Joins all namespaces of a process but its user namespace (setns(2) with a pidfd, Linux 5.8), and closes the pidfd. Only
 * children are in its PID namespace: no process of the container can name this one. Exits at stage `join`.
 */
void namespaces_join(int pidfd);

/** Exits at stage `hostname`. */
void hostname_set(const struct orders *orders);

#endif
