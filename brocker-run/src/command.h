#ifndef BROCKER_RUN_COMMAND_H
#define BROCKER_RUN_COMMAND_H

#include "orders.h"

#include <sys/types.h>

/** Every disposition at its default: an ignored SIGCHLD, inherited, would take the exit status away. */
void signals_default(void);

/** Every signal, those that a C library keeps for itself included (rt_sigprocmask(2)). */
void signals_block(void);

/** Before this process opens anything that could take their numbers. Exits at stage `sockets`. */
void sockets_check(const struct orders *orders);

/**
 * Becomes the command: session leader, descriptors 0, 1, 2 and the sockets as 3, 4, …, user, capabilities, working
 * directory, seccomp. A failure goes to the report descriptor, which is close-on-exec.
 */
_Noreturn void command_become(const struct orders *orders, int report);

/**
 * Starts the command in a child whose stdout and stderr are the given write ends, and waits until it was executed. When the
 * child fails, what it reported is passed on to the status pipe, and the result is -1.
 */
pid_t command_start(const struct orders *orders, int standard_output, int standard_error, int status);

#endif
