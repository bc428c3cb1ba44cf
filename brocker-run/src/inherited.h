#ifndef BROCKER_RUN_INHERITED_H
#define BROCKER_RUN_INHERITED_H

/**
 * Puts what a process inherits of brockerd, and no order sets, at the kernel's own default: scheduling policy, niceness, I/O
 * priority, processors, memory policy, timer slack, personality, OOM score adjustment, session keyring. What this process may
 * not change stays as it is. Needs the host's /proc, and the control groups entered, whose processors are then the limit. Exits
 * at stage `inherited` when brockerd's session keyring cannot be left.
 */
void inherited_reset(void);

#endif
