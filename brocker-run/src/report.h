#ifndef BROCKER_RUN_REPORT_H
#define BROCKER_RUN_REPORT_H

#define FAILED 127

/** Where a failure of this process is reported from now on: a descriptor that is never read from again here. */
void report_through(int fd);

/**
 * Reports `STAGE NUL ERRNO NUL OBJECT NUL` in one write of at most PIPE_BUF bytes, so that it neither blocks nor mixes
 * (pipe(7)), and exits with 127. A longer object is cut.
 */
_Noreturn void fail(const char *stage, int error, const char *object);

#endif
