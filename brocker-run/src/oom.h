#ifndef BROCKER_RUN_OOM_H
#define BROCKER_RUN_OOM_H

#include "orders.h"

/** Opens the file of `oom-events` while it can still be seen; -1 without the order. Exits at stage `cgroup`. */
int oom_open(const struct orders *orders);

/** The number in its line `oom_kill N`: the processes that the kernel killed for lack of memory. 0 without a file or such a line. */
uint64_t oom_kills(int events);

/**
 * Takes the value of `oom-score-adj` (proc_pid_oom_score_adj(5)), for this process and those that it forks from now on, while the
 * host's /proc is seen. Gives the open file; -1 without the order. Exits at stage `oom-score-adj`.
 */
int oom_score_take(const struct orders *orders);

/** Goes back to 0, as far as this process may, and closes the file. */
void oom_score_give_back(int score);

/** Goes to 0, as far as this process may, in whatever way it was started. */
void oom_score_reset(void);

#endif
