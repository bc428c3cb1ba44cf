/* What the parts of tool.c share. */
#ifndef BROCKER_CONFORMANCE_TOOL_H
#define BROCKER_CONFORMANCE_TOOL_H

#include <stddef.h>

/** Prints errno after the call that failed, and exits with 99. */
_Noreturn void fail(const char *what);

/** Writes all of it; 0, or -1 with errno. */
int write_all(int fd, const void *data, size_t size);

/** Serves HTTP/1.1 at a port of every address, one thread a connection; begins to listen after a delay. */
_Noreturn void serve(int port, int delay_millis);

#endif
