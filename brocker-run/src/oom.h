#ifndef BROCKER_RUN_OOM_H
#define BROCKER_RUN_OOM_H

#include "orders.h"

/** Opens the file of `oom-events` while it can still be seen; -1 without the order. Exits at stage `cgroup`. */
int oom_open(const struct orders *orders);

/** The number in its line `oom_kill N`: the processes that the kernel killed for lack of memory. 0 without a file or such a line. */
uint64_t oom_kills(int events);

#endif
