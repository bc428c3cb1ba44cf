#include "container.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 10000 /* milliseconds */, OUT_OF_THE_WAY = 200, TO_FETCH = -2 };

static void add(char *orders, size_t *size, const char *string) {
    size_t length = strlen(string) + 1;
    memcpy(orders + *size, string, length);
    *size += length;
}

void order_add(char *orders, size_t *size, ...) {
    va_list strings;
    va_start(strings, size);
    for (const char *string; (string = va_arg(strings, const char *)) != NULL;) add(orders, size, string);
    va_end(strings);
}

struct container *container_bare(void) {
    static struct container container;
    static int number;
    char root[512];
    container = (struct container) {.pid = -1};
    snprintf(container.folder, sizeof container.folder, "%s/container-%d", work_directory, number++);
    snprintf(root, sizeof root, "%s/root", container.folder);
    if (mkdir(container.folder, 0755) != 0 || mkdir(root, 0755) != 0) broken(root);
    ORDER(&container, "root", root);
    ORDER(&container, "mount", "proc", "/proc", "proc", "14", "");
    return &container;
}

struct container *container_new(const char *argument, ...) {
    struct container *container = container_bare();
    va_list arguments;
    va_start(arguments, argument);
    ORDER(container, "argument", "/bin/inside");
    for (; argument != NULL; argument = va_arg(arguments, const char *)) ORDER(container, "argument", argument);
    va_end(arguments);
    return container;
}

struct session *session_new(const char *argument, ...) {
    static struct session session;
    va_list arguments;
    va_start(arguments, argument);
    session = (struct session) {.input = -1};
    ORDER(&session, "argument", "/bin/inside");
    for (; argument != NULL; argument = va_arg(arguments, const char *)) ORDER(&session, "argument", argument);
    va_end(arguments);
    return &session;
}

/* A sealed memfd with these bytes. */
static int sealed(const char *name, const char *bytes, size_t size) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t) size) broken("memfd");
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) broken("F_ADD_SEALS");
    return fd;
}

static int sealed_program(void) {
    static char bytes[8 << 20];
    size_t size = file_read(program, bytes, sizeof bytes);
    if (size == 0) broken(program);
    return sealed("brocker-run", bytes, size);
}

static void make_file(const char *path, const char *content) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || write(file, content, strlen(content)) < 0) broken(path);
    close(file);
}

/* A tmpfs that is only seen in the container's mount namespace, and so goes with it. */
static void compose_root(const struct container *container) {
    static const char *const folders[] = {"bin", "proc", "dev", "app", "data", "tmp", "sys"};
    char path[PATH_MAX], inside[PATH_MAX];
    snprintf(path, sizeof path, "%s/inside", target_directory);
    if (realpath(path, inside) == NULL) broken(path);
    snprintf(path, sizeof path, "%s/root", container->folder);
    if (mount("tmpfs", path, "tmpfs", 0, "mode=0755") != 0 || chdir(path) != 0) broken(path);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdir(folders[i], 0755) != 0) broken(folders[i]);
    make_file("bin/inside", "");
    make_file("bin/plain", "not a program");
    make_file("marker", "inside the root\n");
    if (mount(inside, "bin/inside", NULL, MS_BIND, NULL) != 0) broken(inside);
    if (mknod("dev/null", S_IFCHR | 0666, makedev(1, 3)) != 0) broken("dev/null");
    if (container->prepare != NULL) container->prepare();
    if (chdir("/") != 0) broken("/");
}

/* Puts descriptors where the protocol wants them, closes all others, and becomes the program. -1 leaves a number closed. */
static _Noreturn void start_program(const char *mode, int *descriptors, int count) {
    for (int i = 0; i < count; i++)
        if (descriptors[i] >= 0 && (descriptors[i] = fcntl(descriptors[i], F_DUPFD, OUT_OF_THE_WAY)) < 0) _exit(90);
    syscall(SYS_close_range, 0, OUT_OF_THE_WAY - 1, 0);
    for (int i = 0; i < count; i++)
        if (descriptors[i] >= 0 && dup2(descriptors[i], i) < 0) _exit(91);
    syscall(SYS_close_range, OUT_OF_THE_WAY, UINT_MAX, 0);
    char *arguments[] = {(char *) "brocker-run", (char *) (uintptr_t) mode, NULL};
    char *environment[] = {(char *) "ASAN_OPTIONS=detect_leaks=0", NULL};
    /* What a careless parent may leave behind. */
    signal(SIGCHLD, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    fexecve(3, arguments, environment);
    _exit(92);
}

static void read_to_end(int fd, char *bytes, size_t size, size_t *length) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    *length = 0;
    for (;;) {
        if (poll(&ready, 1, PATIENCE) <= 0) broken("a pipe did not end in ten seconds");
        ssize_t taken = read(fd, bytes + *length, size - 1 - *length);
        if (taken <= 0) break;
        *length += (size_t) taken;
    }
    bytes[*length] = '\0';
}

void container_start(struct container *container) {
    int status[2], go[2];
    if (pipe2(status, O_CLOEXEC) != 0 || pipe2(go, O_CLOEXEC) != 0) broken("pipe2");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int orders = sealed("orders", container->orders, container->orders_size), code = sealed_program();
    unsigned long namespaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC;
    container->pid = (pid_t) syscall(SYS_clone, namespaces | SIGCHLD, 0, 0, 0, 0);
    if (container->pid < 0) broken("clone");
    if (container->pid == 0) {
        int records = open(container->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int descriptors[14] = {null, null, null, code, orders, status[1], go[0], records, -1, -1, -1, -1, -1, -1};
        for (int i = 0; i < container->sockets_count; i++) descriptors[10 + i] = container->sockets[i];
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* no container outlives a broken run */
        compose_root(container);
        start_program("init", descriptors, 14);
    }
    close(status[1]);
    close(go[0]);
    if (!container->silent && write(go[1], "g", 1) != 1 && errno != EPIPE) broken("go");
    close(go[1]);
    close(null);
    close(orders);
    close(code);
    read_to_end(status[0], container->status, sizeof container->status, &container->status_length);
    close(status[0]);
}

static int wait_for(pid_t pid) {
    int status = 0;
    for (int waited = 0; waited < PATIENCE; waited += 2) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid) return status;
        if (ended < 0) broken("waitpid");
        usleep(2000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    CHECK(!"still running after ten seconds");
    return status;
}

int container_wait(struct container *container) {
    int status = wait_for(container->pid);
    container->pid = -1;
    return status;
}

int container_run(struct container *container) {
    container_start(container);
    return container_wait(container);
}

const char *container_file(struct container *container, const char *name) {
    static char content[1 << 20];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", container->folder, name);
    file_read(path, content, sizeof content);
    return content;
}

const char *log_of(struct container *container) {
    CHECK_NUMBER(container_run(container), 0);
    CHECK_NUMBER(container->status_length, 0);
    return container_file(container, "log");
}

void container_await(struct container *container, const char *text) {
    for (int waited = 0; waited < PATIENCE; waited += 2) {
        if (strstr(container_file(container, "log"), text) != NULL) return;
        usleep(2000);
    }
    CHECK_CONTAINS(container_file(container, "log"), text);
}

void container_delete(struct container *container) {
    static const char *const names[] = {"log", "log.1", "log.2", "exit", "root/data", "root"};
    char path[512];
    if (container->pid > 0) {
        kill(container->pid, SIGKILL);
        waitpid(container->pid, NULL, 0);
        snprintf(path, sizeof path, "%s/exit.next", container->folder); /* killed, it could not take it away */
        unlink(path);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", container->folder, names[i]);
        remove(path);
    }
    CHECK_NUMBER(rmdir(container->folder), 0); /* nothing of another name was left behind */
}

void check_status(const char *bytes, size_t length, const char *stage, int error, const char *object, const char *file, int line) {
    char expected[4096];
    int size = snprintf(expected, sizeof expected, "%s%c%d%c%s%c", stage, 0, error, 0, object, 0);
    if (length == (size_t) size && memcmp(bytes, expected, length) == 0) return;
    char shown[4096];
    for (size_t i = 0; i < length; i++) shown[i] = bytes[i] == '\0' ? ' ' : bytes[i];
    shown[length] = '\0';
    for (int i = 0; i < size; i++)
        if (expected[i] == '\0') expected[i] = ' ';
    check_text(shown, expected, file, line);
}

/* Starts the program, fetches the command that it hands over, and ends as that does. */
static _Noreturn void enter_and_run(const struct container *container, int *descriptors, void (*prepare)(void)) {
    int pidfd = (int) syscall(SYS_pidfd_open, container->pid, 0), handed[2], status = 0;
    char byte;
    if (pidfd < 0 || pipe2(handed, O_CLOEXEC) != 0) _exit(93);
    pid_t program_pid = fork();
    if (program_pid == 0) {
        if (prepare != NULL) prepare();
        descriptors[6] = handed[1];
        descriptors[8] = pidfd;
        if (descriptors[9] == TO_FETCH) descriptors[9] = (int) syscall(SYS_pidfd_getfd, pidfd, 9, 0);
        start_program("exec", descriptors, 10);
    }
    syscall(SYS_close_range, 0, handed[0] - 1, 0);
    syscall(SYS_close_range, handed[0] + 1, UINT_MAX, 0);
    bool is_handed = read(handed[0], &byte, 1) == 1;
    int program_pidfd = (int) syscall(SYS_pidfd_open, program_pid, 0);
    int command = is_handed ? (int) syscall(SYS_pidfd_getfd, program_pidfd, 8, 0) : -1;
    close(handed[0]);
    waitpid(program_pid, &status, 0);
    if (is_handed) {
        siginfo_t end;
        if (status != 0 || waitid(P_PIDFD, (id_t) command, &end, WEXITED) != 0) _exit(94);
        if (end.si_code != CLD_EXITED) kill(getpid(), end.si_status);
        _exit(end.si_status);
    }
    if (WIFSIGNALED(status)) kill(getpid(), WTERMSIG(status));
    _exit(WEXITSTATUS(status));
}

int session_run(struct session *session, const struct container *container) {
    int status[2], output[2];
    size_t length;
    if (pipe2(status, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) broken("pipe2");
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int orders = sealed("orders", session->orders, session->orders_size), code = sealed_program();
    int input = session->input < 0 ? null : session->input;
    pid_t helper = fork();
    if (helper == 0) {
        int descriptors[10] = {input, output[1], output[1], code, orders, status[1], -1, -1, -1, session->stranger ? -1 : TO_FETCH};
        enter_and_run(container, descriptors, session->prepare);
    }
    close(status[1]);
    close(output[1]);
    close(null);
    close(orders);
    close(code);
    read_to_end(status[0], session->status, sizeof session->status, &session->status_length);
    read_to_end(output[0], session->output, sizeof session->output, &length);
    close(status[0]);
    close(output[0]);
    return wait_for(helper);
}
