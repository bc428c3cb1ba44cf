#ifndef BROCKER_RUN_RECORD_H
#define BROCKER_RUN_RECORD_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** The descriptor of the record directory, in which the log and the exit record lie. */
enum { RECORDS = 7 };

/** How files in it are opened, with O_APPEND or O_TRUNC: what init's filter allows. */
enum { FILE_FLAGS = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE = 0640 };

/** How the command ended. */
struct record {
    int status; /* as waitpid(2) gives it */
    struct timespec started, ended;
    uint64_t lost_lines;
    uint64_t oom_kills;
};

/** The exit code of a wait status: the command's own, or 128 + signal. */
int exit_code(int status);

/**
 * Removes the record of an earlier run and makes `exit.next`, with the room that the record will need, so that a disk that
 * is full by then cannot cost it. The descriptor, or -1 with errno.
 */
int record_reserve(int directory);

/** Takes the reserved file away again. */
void record_discard(int directory);

/** Writes the record into the reserved file and gives it its name, durably. False with errno. Closes the descriptor. */
bool record_write(int directory, int reserved, const struct record *record);

#endif
