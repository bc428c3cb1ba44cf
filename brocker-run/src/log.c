#include "log.h"
#include "record.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static void file_name(char *bytes, size_t size, unsigned number) {
    struct text name = {bytes, size - 1, 0};
    text_string(&name, "log");
    if (number > 0) {
        text_string(&name, ".");
        text_number(&name, number);
    }
    bytes[name.length] = '\0';
}

/* `log` becomes `log.1` and so on, the oldest falls off. False when a rename failed; a missing file is no failure. */
static bool files_shift(const struct log *log) {
    for (unsigned number = log->most_files - 1; number >= 1; number--) {
        char from[16], to[16];
        file_name(from, sizeof from, number - 1);
        file_name(to, sizeof to, number);
        if (renameat(log->directory, from, log->directory, to) != 0 && errno != ENOENT) return false;
    }
    return true;
}

/* The new file is there before the old ones move: when that cannot be, the log goes on in the old one, too long but whole. */
static void log_rotate(struct log *log) {
    int next = openat(log->directory, "log.next", FILE_FLAGS | O_APPEND | O_TRUNC, FILE_MODE);
    if (next < 0) return;
    if (!files_shift(log) || renameat(log->directory, "log.next", log->directory, "log") != 0) {
        unlinkat(log->directory, "log.next", 0);
        close(next);
        return;
    }
    close(log->file);
    log->file = next;
    log->size = 0;
}

/* All of it or nothing: a disk that fills up in the middle takes a part, which is cut off again. */
static bool log_append(struct log *log, const struct iovec *parts, int count) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    if (log->most_size > 0 && log->size > 0 && log->size + length > log->most_size) log_rotate(log);
    ssize_t written = writev(log->file, parts, count);
    if (written == (ssize_t) length) {
        log->size += length;
        return true;
    }
    if (written > 0 && ftruncate(log->file, (off_t) log->size) != 0) log->size += (size_t) written;
    return false;
}

/* Whether an earlier run was killed in the middle of a line, which is ended then, so that the next one begins a line. */
static bool torn(const struct log *log) {
    char last = '\n';
    return log->size > 0 && pread(log->file, &last, 1, (off_t) log->size - 1) == 1 && last != '\n';
}

bool log_open(struct log *log, int directory, uint64_t most_size, unsigned most_files) {
    *log = (struct log) {.directory = directory, .most_size = most_size, .most_files = most_files};
    log->file = openat(directory, "log", FILE_FLAGS | O_APPEND, FILE_MODE);
    off_t size = log->file < 0 ? -1 : lseek(log->file, 0, SEEK_END);
    if (size < 0) return false;
    log->size = (uint64_t) size;
    if (torn(log)) log_append(log, &(struct iovec) {(void *) (uintptr_t) "\n", 1}, 1);
    return true;
}

static void text_header(struct text *text, const struct timespec *now, const char *stream, char kind) {
    text_time(text, now);
    text_string(text, " ");
    text_string(text, stream);
    text_string(text, kind == 'F' ? " F " : " P ");
}

/* A line by itself: a write that is cut off again must have no line feed that a reader could have seen. */
static bool log_loss(struct log *log, const struct timespec *now) {
    char line[128];
    struct text text = {line, sizeof line, 0};
    text_header(&text, now, "stderr", 'F');
    text_string(&text, "brocker-run: ");
    text_number(&text, log->unreported);
    text_string(&text, " lines lost\n");
    return log_append(log, &(struct iovec) {line, text.length}, 1);
}

enum { MOST_LINES = 16, PARTS = 3 };

/* Lines that came together, and are written together: a write for each would be most of what a busy log costs. */
struct batch {
    const char *stream;
    char kind;
    struct timespec now;
    int lines;
    size_t length; /* of all lines, headers included */
    char bytes[64];
    struct text header; /* of each of them */
    struct iovec parts[MOST_LINES * PARTS];
};

static void batch_begin(struct batch *batch, const char *stream, char kind) {
    batch->stream = stream;
    batch->kind = kind;
    batch->lines = 0;
    batch->length = 0;
    batch->header = (struct text) {batch->bytes, sizeof batch->bytes, 0};
}

static void batch_stamp(struct batch *batch) {
    clock_gettime(CLOCK_REALTIME, &batch->now);
    batch->header.length = 0;
    text_header(&batch->header, &batch->now, batch->stream, batch->kind);
}

static void batch_write(struct batch *batch, struct log *log) {
    if (batch->lines == 0) return;
    if (log->unreported > 0 && log_loss(log, &batch->now)) log->unreported = 0;
    if (!log_append(log, batch->parts, batch->lines * PARTS)) {
        /* Some of them may still fit. */
        for (int i = 0; i < batch->lines; i++) {
            if (batch->lines > 1 && log_append(log, batch->parts + i * PARTS, PARTS)) continue;
            log->lost++;
            log->unreported++;
        }
    }
    batch->lines = 0;
    batch->length = 0;
}

/* The bytes are to stay until the batch is written. */
static void batch_add(struct batch *batch, struct log *log, const char *bytes, size_t length) {
    size_t whole = batch->header.length + length + 1; /* too little only where there is nothing to write yet */
    size_t room = log->most_size > log->size ? log->most_size - log->size : 0;
    if (batch->lines == MOST_LINES || (log->most_size > 0 && batch->length + whole > room)) batch_write(batch, log);
    /* Anew for each write: readers know a file by the time of its first line. */
    if (batch->lines == 0) batch_stamp(batch);
    /* writev(2) takes no const, and changes nothing. */
    struct iovec *parts = batch->parts + batch->lines * PARTS;
    parts[0] = (struct iovec) {batch->bytes, batch->header.length};
    parts[1] = (struct iovec) {(void *) (uintptr_t) bytes, length};
    parts[2] = (struct iovec) {(void *) (uintptr_t) "\n", 1};
    batch->length += batch->header.length + length + 1;
    batch->lines++;
}

void log_line(struct log *log, const char *stream, char kind, const char *bytes, size_t length) {
    struct batch one;
    batch_begin(&one, stream, kind);
    batch_add(&one, log, bytes, length);
    batch_write(&one, log);
}

static void lines_log(struct stream *stream, struct log *log) {
    struct batch batch;
    const char *line = stream->bytes;
    size_t left = stream->length;
    batch_begin(&batch, stream->name, 'F');
    for (const char *end; left > 0 && (end = memchr(line, '\n', left)) != NULL;) {
        size_t length = (size_t) (end - line);
        batch_add(&batch, log, line, length);
        line += length + 1;
        left -= length + 1;
    }
    batch_write(&batch, log);
    if (left == sizeof stream->bytes) {
        log_line(log, stream->name, 'P', line, LONGEST_LINE);
        line += LONGEST_LINE;
        left -= LONGEST_LINE;
    }
    memmove(stream->bytes, line, left);
    stream->length = left;
}

ssize_t stream_pump(struct stream *stream, struct log *log, size_t most) {
    size_t room = sizeof stream->bytes - stream->length;
    ssize_t taken = read(stream->pipe, stream->bytes + stream->length, most < room ? most : room);
    if (taken > 0) {
        stream->length += (size_t) taken;
        lines_log(stream, log);
    }
    return taken;
}

void stream_finish(struct stream *stream, struct log *log) {
    int waiting = 0;
    /* FIONREAD, not end of file: someone outside may have been handed the other end and keep it for ever. */
    if (stream->pipe >= 0 && ioctl(stream->pipe, FIONREAD, &waiting) != 0) waiting = 0;
    while (waiting > 0) {
        ssize_t taken = stream_pump(stream, log, (size_t) waiting);
        if (taken <= 0) break;
        waiting -= (int) taken;
    }
    if (stream->length > 0) log_line(log, stream->name, 'F', stream->bytes, stream->length);
    stream->length = 0;
}
