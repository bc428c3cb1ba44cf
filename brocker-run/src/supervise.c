#include "supervise.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int signals_open(void) {
    uint64_t every = UINT64_MAX; /* the system call, because sigfillset(3) leaves out what the C library keeps */
    int signals = (int) syscall(SYS_signalfd4, -1, &every, sizeof every, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) fail("fork", errno, "signalfd");
    return signals;
}

/* Not forwarded: SIGCHLD, and what this process brought upon itself, such as SIGXFSZ by a write to the log. */
static void forward(int signals, pid_t command) {
    struct signalfd_siginfo received[4];
    ssize_t length = read(signals, received, sizeof received);
    for (size_t i = 0; length > 0 && i < (size_t) length / sizeof *received; i++)
        if (received[i].ssi_signo != SIGCHLD && received[i].ssi_pid != (uint32_t) getpid())
            kill(command, (int) received[i].ssi_signo); /* still unreaped, so the number is its own */
}

/* True when the command was among them. */
static bool reap(pid_t command, int *status) {
    bool ended = false;
    int other = 0;
    for (pid_t child; (child = waitpid(-1, &other, WNOHANG)) > 0;)
        if (child == command) {
            *status = other;
            ended = true;
        }
    return ended;
}

static void pump(struct pollfd *ready, struct stream *stream, struct log *log) {
    if (ready->revents == 0 || stream_pump(stream, log, sizeof stream->bytes) > 0) return;
    close(stream->pipe); /* end of file: everyone has closed the other end */
    stream->pipe = -1;
    ready->fd = -1;
}

int supervise(pid_t command, int signals, struct stream streams[2], struct log *log) {
    struct pollfd ready[3] = {
        {.fd = signals, .events = POLLIN}, {.fd = streams[0].pipe, .events = POLLIN},
        {.fd = streams[1].pipe, .events = POLLIN}};
    for (int status = 0;;) {
        if (poll(ready, 3, -1) < 0) continue; /* EINTR after SIGCONT, ENOMEM: neither is a reason to leave */
        if (ready[0].revents != 0) {
            forward(signals, command);
            if (reap(command, &status)) return status;
        }
        pump(&ready[1], &streams[0], log);
        pump(&ready[2], &streams[1], log);
    }
}

void kill_the_rest(void) {
    kill(-1, SIGKILL); /* ESRCH: there is nobody */
    while (waitpid(-1, NULL, 0) > 0) {}
}
