#ifndef BROCKER_RUN_SUPERVISE_H
#define BROCKER_RUN_SUPERVISE_H

#include "log.h"

#include <sys/types.h>

/** A descriptor that gives every signal of this process (signalfd(2)); they must be blocked. Exits at stage `fork`. */
int signals_open(void);

/**
 * Pumps both streams to the log, forwards every signal except SIGCHLD to the command, reaps whatever ends. Returns when the
 * command, or the successor that brockerd has named since, has ended: its wait status. Never exits.
 */
int supervise(pid_t command, int signals, struct stream streams[2], struct log *log);

/** Kills every other process of the PID namespace and reaps it. Only for PID 1. */
void kill_the_rest(void);

#endif
