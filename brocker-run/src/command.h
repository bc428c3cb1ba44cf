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

/** The child that is to become the command. */
struct command {
    pid_t pid;
    int go, report; /* what it waits for, and what it says */
};

/**
 * Forks a child whose stdout and stderr are the given write ends. It prepares to become the command, and waits to be
 * released.
 */
struct command command_fork(const struct orders *orders, int standard_output, int standard_error);

/**
 * Lets the child become the command and waits until it was executed. When it fails, what it reported is passed on to the
 * status pipe, and the result is false.
 */
bool command_release(const struct command *command, int status);

/**
 * Makes a process in the joined PID namespace that becomes the command. It is a child of this process's parent and has the
 * command's rights from its first moment, so tracing it gains nothing. The parent fetches its pidfd at COMMAND
 * (pidfd_getfd(2)) when a byte comes through the pipe, then closes its end; with that this process ends.
 */
_Noreturn void command_hand_over(const struct orders *orders, int status, int pipe);

/** Where the pidfd of an exec's command is found. */
enum { COMMAND = 8 };

#endif
