/* elapsed COMMAND [ARGUMENT...]: prints the nanoseconds from posix_spawn(3) of the command to its end. The command reads and
   writes /dev/null, its stderr is ours. A command that fails is an error. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("error: elapsed COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t pid;
    int status;
    long long begin = now();
    int error = posix_spawnp(&pid, argv[1], &actions, NULL, argv + 1, environ);
    if (error != 0) {
        fprintf(stderr, "error: posix_spawnp(\"%s\"): %s\n", argv[1], strerror(error));
        return 1;
    }
    if (waitpid(pid, &status, 0) != pid) {
        perror("error: waitpid");
        return 1;
    }
    long long end = now();
    if (status != 0) {
        fprintf(stderr, "error: \"%s\" failed, wait status %d\n", argv[1], status);
        return 1;
    }
    printf("%lld\n", end - begin);
    return 0;
}
