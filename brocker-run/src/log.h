#ifndef BROCKER_RUN_LOG_H
#define BROCKER_RUN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LONGEST_LINE = 16384 };

/** The files `log`, `log.1`, … in the record directory. */
struct log {
    int directory;
    int file;
    uint64_t size;       /* of the present file, bytes */
    uint64_t most_size;  /* 0 is without end */
    unsigned most_files; /* the present one included */
    uint64_t lost;       /* lines that no write took, since the beginning */
    uint64_t unreported; /* of these, the ones that the log does not yet tell of */
};

/** A pipe of the command and the line that it has begun. */
struct stream {
    const char *name;
    int pipe;
    size_t length;
    char bytes[LONGEST_LINE + 1]; /* one more, to know whether a line of the longest length ends there */
};

/** Opens or goes on with `log`; sizes as in struct log. False with errno. */
bool log_open(struct log *log, int directory, uint64_t most_size, unsigned most_files);

/** One line of the log, whole (`F`) or a part (`P`); rotates before it when it would not fit. No line is torn. */
void log_line(struct log *log, const char *stream, char kind, const char *bytes, size_t length);

/** Reads the pipe once, at most so many bytes, and logs the lines that are complete. What read(2) gave. */
ssize_t stream_pump(struct stream *stream, struct log *log, size_t most);

/** Logs what lies in the pipe now, without waiting for more, and the last line even if nothing ended it. */
void stream_finish(struct stream *stream, struct log *log);

#endif
