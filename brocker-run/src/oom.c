#include "oom.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char own_score[] = "/proc/self/oom_score_adj";

int oom_open(const struct orders *orders) {
    if (orders->oom_events == NULL) return -1;
    int events = open(orders->oom_events, O_RDONLY | O_CLOEXEC);
    if (events < 0) fail("cgroup", errno, orders->oom_events);
    return events;
}

uint64_t oom_kills(int events) {
    static const char key[] = "oom_kill ";
    char bytes[1024]; /* the files have some hundred bytes */
    uint64_t kills = 0;
    ssize_t length = pread(events, bytes, sizeof bytes - 1, 0);
    if (length <= 0) return 0;
    bytes[length] = '\0';
    for (const char *line = bytes; line != NULL; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (strncmp(line, key, sizeof key - 1) != 0) continue;
        for (const char *digit = line + sizeof key - 1; *digit >= '0' && *digit <= '9'; digit++)
            kills = kills * 10 + (uint64_t) (*digit - '0');
    }
    return kills;
}

int oom_score_take(const struct orders *orders) {
    if (orders->oom_score == NULL) return -1;
    int score = open(own_score, O_WRONLY | O_CLOEXEC);
    if (score < 0 || pwrite(score, orders->oom_score, strlen(orders->oom_score), 0) < 0)
        fail("oom-score-adj", errno, orders->oom_score);
    return score;
}

void oom_score_give_back(int score) {
    if (score < 0) return;
    ssize_t ignored = pwrite(score, "0", 1, 0); /* EACCES: brockerd may not lower it; then this process is not spared */
    (void) ignored;
    close(score);
}

void oom_score_reset(void) {
    oom_score_give_back(open(own_score, O_WRONLY | O_CLOEXEC));
}
