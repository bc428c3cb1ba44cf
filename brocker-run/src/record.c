#include "record.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_RECORD = 256 };

int exit_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int record_reserve(int directory) {
    static const char room[LONGEST_RECORD];
    if (unlinkat(directory, "exit", 0) != 0 && errno != ENOENT) return -1;
    int file = openat(directory, "exit.next", FILE_FLAGS | O_TRUNC, FILE_MODE);
    if (file < 0) return -1;
    ssize_t written = write(file, room, sizeof room);
    if (written == (ssize_t) sizeof room) return file;
    if (written >= 0) errno = ENOSPC;
    close(file);
    return -1;
}

void record_discard(int directory) {
    unlinkat(directory, "exit.next", 0);
}

static void text_pair(struct text *text, const char *key, uint64_t value) {
    text_string(text, key);
    text_string(text, " ");
    text_number(text, value);
    text_string(text, "\n");
}

static uint64_t nanoseconds(const struct timespec *time) {
    return (uint64_t) time->tv_sec * 1000000000 + (uint64_t) time->tv_nsec;
}

bool record_write(int directory, int reserved, const struct record *record) {
    char bytes[LONGEST_RECORD];
    struct text text = {bytes, sizeof bytes, 0};
    text_pair(&text, "code", (uint64_t) exit_code(record->status));
    text_pair(&text, "signal", WIFSIGNALED(record->status) ? (uint64_t) WTERMSIG(record->status) : 0);
    text_pair(&text, "started", nanoseconds(&record->started));
    text_pair(&text, "ended", nanoseconds(&record->ended));
    text_pair(&text, "lost-lines", record->lost_lines);
    text_pair(&text, "oom-kills", record->oom_kills);
    bool written = pwrite(reserved, bytes, text.length, 0) == (ssize_t) text.length
        && ftruncate(reserved, (off_t) text.length) == 0 && fsync(reserved) == 0
        && renameat(directory, "exit.next", directory, "exit") == 0 && fsync(directory) == 0;
    int error = errno;
    close(reserved);
    errno = error;
    return written;
}
