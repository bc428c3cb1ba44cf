/* The command of the tests' containers: its first argument says what it does there, its output is what the tests read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

static void say(const char *what, long number) {
    printf("%s %ld\n", what, number);
    fflush(stdout);
}

static void cat(const char *file) {
    char bytes[4096];
    int in = open(file, O_RDONLY);
    if (in < 0) say("open errno", errno);
    for (ssize_t length; (length = read(in, bytes, sizeof bytes)) > 0;)
        if (write(1, bytes, (size_t) length) != length) exit(1);
}

static void descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) exit(1);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char target[256] = "";
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(folder)) continue;
        if (readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1) < 0) exit(1);
        printf("fd %s %s\n", entry->d_name, target);
    }
}

static int zombies(void) {
    int count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[300], stat[512] = "";
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        int file = atoi(entry->d_name) > 0 ? open(path, O_RDONLY) : -1;
        if (file < 0) continue;
        if (read(file, stat, sizeof stat - 1) > 0 && strstr(stat, ") Z ") != NULL) count++;
        close(file);
    }
    closedir(folder);
    return count;
}

/* How many of the processes that came after this one still have an entry, be they zombies. */
static int younger(void) {
    int count = 0;
    for (int pid = getpid() + 1; pid < getpid() + 60; pid++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/%d", pid);
        count += access(path, F_OK) == 0;
    }
    return count;
}

/* Twenty grandchildren that outlive their parents: init's to reap. */
static void orphans(void) {
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (fork() == 0) usleep(20000);
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    int left = 1;
    for (int i = 0; i < 200 && left > 0; i++) {
        usleep(10000);
        left = younger();
    }
    say("zombies", zombies());
    say("left", left);
}

static void on_signal(int number) {
    _exit(100 + number);
}

/* Ends with 100 + the signal that comes. */
static void await_signal(void) {
    for (int number = 1; number < 65; number++)
        if (number != SIGCHLD) signal(number, on_signal);
    say("ready", 1);
    for (;;) pause();
}

static void open_or_errno(const char *path, int flags) {
    int file = open(path, flags, 0600);
    printf("%s %d\n", path, file >= 0 ? 0 : errno);
    if (file >= 0) close(file);
}

static void leave_child(void) {
    if (fork() == 0) {
        signal(SIGTERM, SIG_IGN);
        sleep(100);
    }
}

static void inherited(void) {
    unsigned long set[128 / sizeof(long)] = {0};
    long size = syscall(SYS_sched_getaffinity, 0, sizeof set, set), processors = 0;
    for (long i = 0; i < size / (long) sizeof(long); i++) processors += __builtin_popcountl(set[i]);
    say("processors", processors);
    say("policy", syscall(SYS_sched_getscheduler, 0));
    say("nice", getpriority(PRIO_PROCESS, 0));
    say("io priority", syscall(SYS_ioprio_get, 1, 0) >> 13);
    say("timer slack", prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
    say("personality", personality(0xffffffff));
    printf("oom score ");
    fflush(stdout);
    cat("/proc/self/oom_score_adj");
}

/* 0 when the session keyring that brockerd had, and its key, is still this process's. */
static void key(void) {
    say("key", syscall(SYS_keyctl, 10 /* KEYCTL_SEARCH */, -3 /* the session's */, "user", "brocker-test", 0) > 0 ? 0 : errno);
}

static void lines(int count) {
    for (int i = 0; i < count; i++) printf("line %d\n", i);
}

/* Ends after its child has said its number and is ready for signals, or, with a code, when that has ended with it. */
static void have_child(const char *code) {
    pid_t child = fork();
    if (child == 0 && *code != '\0') _exit(usleep(500000) + atoi(code));
    if (child == 0) await_signal();
    say("child", child);
    if (*code != '\0') waitpid(child, NULL, 0);
    usleep(500000);
    _exit(3);
}

/* Says the number of an orphan, which ends after half a second, and ends with 115 when SIGTERM comes. */
static void have_orphan(void) {
    pid_t child = fork();
    if (child == 0) {
        pid_t orphan = fork();
        if (orphan == 0) _exit(usleep(500000));
        say("child", orphan);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    signal(SIGTERM, on_signal);
    say("ready", 1);
    for (;;) pause();
}

int main(int count, char **arguments) {
    const char *verb = count > 1 ? arguments[1] : "", *argument = count > 2 ? arguments[2] : "";
    char bytes[4096];
    if (strcmp(verb, "exit") == 0) return atoi(argument);
    if (strcmp(verb, "raise") == 0) kill(getpid(), atoi(argument));
    if (strcmp(verb, "await") == 0) await_signal();
    if (strcmp(verb, "signal-init") == 0) {
        for (int number = 1; number < 65; number++) signal(number, on_signal);
        kill(1, atoi(argument));
        for (;;) pause();
    }
    if (strcmp(verb, "queue-to-init") == 0) {
        for (int number = 1; number < 65; number++) signal(number, on_signal);
        pid_t child = fork();
        if (child > 0) sigqueue(1, 64, (union sigval) {.sival_int = child});
        return (int) sleep(3);
    }
    if (strcmp(verb, "parent") == 0) {
        for (int i = 0; i < 200 && getppid() != 1; i++) usleep(10000);
        say("parent", getppid());
    }
    if (strcmp(verb, "have-child") == 0) have_child(argument);
    if (strcmp(verb, "have-orphan") == 0) have_orphan();
    if (strcmp(verb, "orphans") == 0) orphans();
    if (strcmp(verb, "leave-child") == 0) leave_child();
    if (strcmp(verb, "cat") == 0)
        for (int i = 2; i < count; i++) cat(arguments[i]);
    if (strcmp(verb, "descriptors") == 0) descriptors();
    if (strcmp(verb, "inherited") == 0 || strcmp(verb, "inherited-and-await") == 0) inherited();
    if (strcmp(verb, "inherited-and-await") == 0) await_signal();
    if (strcmp(verb, "key") == 0) key();
    if (strcmp(verb, "read") == 0)
        for (int i = 2; i < count; i++) open_or_errno(arguments[i], O_RDONLY);
    if (strcmp(verb, "write") == 0)
        for (int i = 2; i < count; i++) open_or_errno(arguments[i], O_WRONLY | O_CREAT);
    if (strcmp(verb, "link") == 0) say("readlink errno", readlink(argument, bytes, sizeof bytes) < 0 ? errno : 0);
    if (strcmp(verb, "host") == 0) {
        struct utsname name;
        if (uname(&name) != 0) say("uname errno", errno);
        else printf("host %s\n", name.nodename);
    }
    if (strcmp(verb, "environment") == 0)
        for (char **variable = environ; *variable != NULL; variable++) printf("<%s>\n", *variable);
    if (strcmp(verb, "arguments") == 0)
        for (int i = 2; i < count; i++) printf("<%s>\n", arguments[i]);
    if (strcmp(verb, "directory") == 0 && getcwd(bytes, sizeof bytes) != NULL) printf("<%s>\n", bytes);
    if (strcmp(verb, "send") == 0) say("sent", write(atoi(argument), "hello", 5));
    if (strcmp(verb, "lines") == 0) lines(atoi(argument));
    if (strcmp(verb, "both") == 0) {
        printf("to stdout\n");
        fprintf(stderr, "to stderr\n");
    }
    if (strcmp(verb, "terminal") == 0) say("leads the terminal's session", tcgetsid(0) == getpid() && getsid(0) == getpid());
    fflush(stdout);
    return 0;
}
