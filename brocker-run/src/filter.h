#ifndef BROCKER_RUN_FILTER_H
#define BROCKER_RUN_FILTER_H

#include <stdbool.h>

/**
 * Allows this process from now on only the system calls that supervising needs (seccomp(2)); every other fails with EPERM.
 * Files are opened, renamed and removed below the record directory alone. Needs no_new_privs. False with errno.
 */
bool filter_of_init(void);

#endif
