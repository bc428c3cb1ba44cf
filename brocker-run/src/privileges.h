#ifndef BROCKER_RUN_PRIVILEGES_H
#define BROCKER_RUN_PRIVILEGES_H

#include "orders.h"

/** setrlimit(2). Exits at stage `rlimit`. */
void limits_take(const struct orders *orders);

/**
 * The user, its groups and what capabilities(7) it keeps; no_new_privs. In the order that each step still has the right
 * to the next. Exits at stage `capabilities` or `user`.
 */
void privileges_drop(const struct orders *orders);

/**
 * Keeps what an init that supervises still needs: CAP_KILL, to signal the command whatever user it has become, and the calls
 * of filter_of_init. A process of the container that traces PID 1 gains nothing else. Exits at stage `capabilities` or `seccomp`.
 */
void privileges_of_init(void);

/** Loads the filter (seccomp(2)); what it forbids is forbidden to this program too. Exits at stage `seccomp`. */
void seccomp_load(const struct orders *orders);

#endif
