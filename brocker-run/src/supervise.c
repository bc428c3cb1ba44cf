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

enum { SUCCESSION = 64 }; /* SIGRTMAX of the kernel; the C library's is no constant */

int signals_open(void) {
    uint64_t every = UINT64_MAX; /* the system call, because sigfillset(3) leaves out what the C library keeps */
    int signals = (int) syscall(SYS_signalfd4, -1, &every, sizeof every, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) fail("fork", errno, "signalfd");
    return signals;
}

/* Whether brockerd names the process that is the command from now on: queued, with the number of that process as the value
   (sigqueue(3)). The kernel shows a sender outside of the PID namespace as 0. A sender inside is shown by its own number, unless it
   fills in the siginfo_t itself (rt_sigqueueinfo(2)) and is permitted to signal this process; it then chooses which process of its own
   container receives signals and ends it, and nothing outside. */
static bool names_successor(const struct signalfd_siginfo *signal) {
    return signal->ssi_signo == SUCCESSION && signal->ssi_code == SI_QUEUE && signal->ssi_pid == 0;
}

/* False for a child that has ended but is not reaped yet: the container would end with it. */
static bool is_running(pid_t process) {
    siginfo_t ended = {0};
    waitid(P_PID, (id_t) process, &ended, WEXITED | WNOHANG | WNOWAIT); /* ECHILD: another process's child */
    return ended.si_pid == 0 && kill(process, 0) == 0;
}

/* Forwards all that have come. Not SIGCHLD, nor what this process brought upon itself, such as SIGXFSZ by a write to the log. */
static void forward(int signals, pid_t *command) {
    struct signalfd_siginfo received[4];
    for (ssize_t length; (length = read(signals, received, sizeof received)) > 0;)
        for (size_t i = 0; i < (size_t) length / sizeof *received; i++)
            if (names_successor(&received[i])) {
                /* Never forwarded: the default action would end the command. */
                if (received[i].ssi_int > 1 && is_running(received[i].ssi_int)) *command = received[i].ssi_int;
            } else if (received[i].ssi_signo != SIGCHLD && received[i].ssi_pid != (uint32_t) getpid())
                kill(*command, (int) received[i].ssi_signo); /* still unreaped, so the number is its own */
}

/* True when the command was among them, or, because its own parent reaped a successor, nobody is left. */
static bool reap(pid_t command, int *status) {
    bool ended = false;
    int other = 0;
    pid_t child;
    while ((child = waitpid(-1, &other, WNOHANG)) > 0) {
        if (child == command || !ended) *status = other;
        ended |= child == command;
    }
    return ended || (child < 0 && errno == ECHILD);
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
            forward(signals, &command);
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
