#include "report.h"
#include "text.h"

#include <limits.h>
#include <unistd.h>

static int report = -1;

void report_through(int fd) {
    report = fd;
}

_Noreturn void fail(const char *stage, int error, const char *object) {
    char bytes[PIPE_BUF];
    struct text message = {bytes, sizeof bytes - 1, 0};
    text_string(&message, stage);
    text_bytes(&message, "", 1);
    text_number(&message, (uint64_t) error);
    text_bytes(&message, "", 1);
    text_string(&message, object);
    bytes[message.length++] = '\0';
    /* With nobody left to read it there is nobody to tell: the exit code alone speaks. */
    ssize_t ignored = write(report, bytes, message.length);
    (void) ignored;
    _exit(FAILED);
}
