#include "command.h"
#include "namespaces.h"
#include "privileges.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_SOCKET = 10, FIRST_SOCKET_OF_COMMAND = 3 };

static const char *const usual_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

void signals_default(void) {
    /* The system call, because sigaction(2) of a C library refuses the signals that it keeps. All zero is SIG_DFL, whatever
       the architecture's structure; EINVAL for SIGKILL and SIGSTOP, which cannot be changed. */
    static const unsigned long action[8];
    for (int number = 1; number <= 64; number++) syscall(SYS_rt_sigaction, number, action, NULL, sizeof(uint64_t));
}

static void signal_mask(uint64_t mask) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

void signals_block(void) {
    signal_mask(UINT64_MAX);
}

static _Noreturn void fail_socket(int fd) {
    char name[16] = "";
    struct text number = {name, sizeof name - 1, 0};
    text_number(&number, (uint64_t) fd);
    fail("sockets", errno, name);
}

void sockets_check(const struct orders *orders) {
    for (int fd = FIRST_SOCKET; fd < FIRST_SOCKET + (int) orders->sockets; fd++)
        if (fcntl(fd, F_GETFD) < 0) fail_socket(fd);
}

/* Ascending, so that a socket is moved before another one takes its number. */
static void descriptors_arrange(unsigned sockets, int old_report) {
    int report = fcntl(old_report, F_DUPFD_CLOEXEC, FIRST_SOCKET + (int) sockets);
    if (report < 0) fail("sockets", errno, "the report descriptor");
    report_through(report);
    for (int i = 0; i < (int) sockets; i++)
        if (dup2(FIRST_SOCKET + i, FIRST_SOCKET_OF_COMMAND + i) < 0) fail_socket(FIRST_SOCKET + i);
    /* close_range(2), Linux 5.9 */
    if (syscall(SYS_close_range, FIRST_SOCKET_OF_COMMAND + sockets, (unsigned) report - 1, 0) != 0
        || syscall(SYS_close_range, (unsigned) report + 1, UINT_MAX, 0) != 0)
        fail("sockets", errno, "the other descriptors");
}

/* The arguments of every order of a kind, and NULL. The memory lasts until execve(2). */
static char **strings(const struct orders *orders, enum verb verb) {
    size_t size = (orders->count[verb] + 1) * sizeof(char *);
    char **list = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (list == MAP_FAILED) fail("exec", errno, "the arguments");
    struct order order;
    size_t count = 0;
    for (size_t cursor = 0; orders_next(orders, verb, &cursor, &order);)
        list[count++] = (char *) (uintptr_t) order.arguments[0];
    return list;
}

static const char *path_of(char **environment) {
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, "PATH=", 5) == 0) return *environment + 5;
    return usual_path;
}

/* As execvp(3): the first that can be executed; one that may not be is remembered, what is not there is passed over.
   Gives the errno of the failure. */
static int execute_from_path(char **arguments, char **environment) {
    int error = ENOENT;
    for (const char *path = path_of(environment); path != NULL;) {
        char bytes[PATH_MAX];
        struct text file = {bytes, sizeof bytes - 1, 0};
        const char *end = strchr(path, ':');
        size_t length = end == NULL ? strlen(path) : (size_t) (end - path);
        text_bytes(&file, path, length);
        text_string(&file, length == 0 ? "./" : "/");
        text_string(&file, arguments[0]);
        bytes[file.length] = '\0';
        path = end == NULL ? NULL : end + 1;
        if (file.length == file.size) continue; /* longer than any path can be */
        execve(bytes, arguments, environment);
        if (errno == EACCES) error = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR) return errno;
    }
    return error;
}

/* The pipes of the streams become the command's own, so that it can open them again as /dev/stdout. */
static void streams_own(const struct orders *orders) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        struct stat file;
        if (fstat(fd, &file) == 0 && S_ISFIFO(file.st_mode)
            && fchown(fd, orders->first_id + orders->uid, orders->first_id + orders->gid) != 0)
            fail("user", errno, "the streams");
    }
}

/* What needs rights: streams, user, capabilities. */
static void command_confine(const struct orders *orders) {
    streams_own(orders);
    user_namespace_join(orders);
    privileges_drop(orders);
}

/* With "detach" the command is a child of this process, which ends: an orphan that init adopts. */
static void orphan(const struct orders *orders) {
    pid_t command = orders->count[DETACH] > 0 ? fork() : 0;
    if (command < 0) fail("fork", errno, "fork");
    if (command > 0) _exit(0);
}

/* Becomes the command: session leader, descriptors 0, 1, 2 and the sockets as 3, 4, …, working directory, seccomp. A failure
   goes to the report descriptor, which is close-on-exec. */
static _Noreturn void command_execute(const struct orders *orders, int report) {
    orphan(orders);
    /* EPERM: already the leader of a session. */
    setsid();
    /* Of a session on a terminal it becomes the controlling one. One that belongs to another session stays there, and
       the command goes without job control. */
    if (isatty(STDIN_FILENO)) ioctl(STDIN_FILENO, TIOCSCTTY, 0);
    descriptors_arrange(orders->sockets, report);
    const char *directory = orders->working_directory == NULL ? "/" : orders->working_directory;
    if (chdir(directory) != 0) fail("working-directory", errno, directory);
    char **arguments = strings(orders, ARGUMENT);
    char **environment = strings(orders, ENV);
    signal_mask(0);
    seccomp_load(orders);
    int error = 0;
    if (*arguments[0] == '\0') {
        error = ENOENT;
    } else if (strchr(arguments[0], '/') == NULL) {
        error = execute_from_path(arguments, environment);
    } else {
        execve(arguments[0], arguments, environment);
        error = errno;
    }
    fail("exec", error, arguments[0]);
}

struct command command_fork(const struct orders *orders, int standard_output, int standard_error) {
    int go[2], report[2];
    char ignored;
    if (pipe2(go, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0) fail("fork", errno, "pipe");
    pid_t command = fork();
    if (command < 0) fail("fork", errno, "fork");
    if (command == 0) {
        report_through(report[1]);
        if (dup2(standard_output, STDOUT_FILENO) < 0 || dup2(standard_error, STDERR_FILENO) < 0)
            fail("fork", errno, "stdout and stderr");
        command_confine(orders);
        if (read(go[0], &ignored, 1) != 1) fail("fork", errno, "release");
        command_execute(orders, report[1]);
    }
    close(go[0]);
    close(report[1]);
    return (struct command) {.pid = command, .go = go[1], .report = report[0]};
}

bool command_release(const struct command *command, int status) {
    char message[PIPE_BUF];
    ssize_t ignored = write(command->go, "g", 1); /* EPIPE: it has failed already, and said why */
    close(command->go);
    /* Nothing and end of file: the descriptor was closed by execve(2), or the command was killed before it. */
    ssize_t length = read(command->report, message, sizeof message);
    close(command->report);
    if (length > 0) ignored = write(status, message, (size_t) length); /* EPIPE: the daemon is gone */
    (void) ignored;
    return length <= 0;
}

_Noreturn void command_hand_over(const struct orders *orders, int status, int pipe) {
    int command = -1;
    struct pollfd reader = {.fd = pipe};
    command_confine(orders);
    /* clone(2): CLONE_PIDFD is of Linux 5.2. Its exit signal is this process's. */
    long pid = syscall(SYS_clone, CLONE_PARENT | CLONE_PIDFD | SIGCHLD, 0, &command, 0, 0);
    if (pid < 0) fail("fork", errno, "clone");
    if (pid == 0) command_execute(orders, status);
    close(status);
    if (dup3(command, COMMAND, O_CLOEXEC) < 0 && errno != EINVAL /* it is there already */) _exit(FAILED);
    ssize_t ignored = write(pipe, "g", 1);
    (void) ignored;
    while (poll(&reader, 1, -1) < 0) {} /* POLLERR: the reader has closed its end, or is gone */
    _exit(0);
}
