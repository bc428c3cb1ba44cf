/* What the parts of the probe share. An attempt gives 0 where it came through, else the errno that refused it. */
#pragma once
#include <stddef.h>
#include <stdbool.h>

typedef int attempt(int count, char **arguments);

struct named {
	const char *name;
	attempt *try;
};

extern const struct named KERNEL_ATTEMPTS[], FILE_ATTEMPTS[], HOG_ATTEMPTS[], PROCESS_ATTEMPTS[];

/* How far an attempt came before it was refused; printed where it is not 0. */
extern long long progress;

/* The errno of a call that gave a negative number, else 0. */
int refusal(long result);
const char *errno_name(int number);
/* The argument, or a default. */
const char *argument(int count, char **arguments, int index, const char *otherwise);

/* Prints what every system call, capability and path answers; where only_present, of paths only whether they are there. */
int survey(bool only_present);
