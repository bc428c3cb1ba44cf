/* Runs every test, one line each, and closes with "N passed, N failed"; exit 1 when any failed. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

const char *work_directory, *target_directory, *program;

static char directory[] = "/tmp/brocker-run-tests-XXXXXX";
static char probe[256]; /* why containers cannot be made here; empty when they can */
static const char *ring;   /* what runs: the tests without root, those with it, or, when NULL, all */
static int passed, failed, failures;

static void failure(const char *file, int line) {
    failures++;
    printf("     %s:%d: ", file, line);
}

void check(bool good, const char *file, int line, const char *what) {
    if (good) return;
    failure(file, line);
    printf("not so: %s\n", what);
}

void check_number(long actual, long expected, const char *file, int line, const char *what) {
    if (actual == expected) return;
    failure(file, line);
    printf("%s is %ld, expected %ld\n", what, actual, expected);
}

void check_text(const char *actual, const char *expected, const char *file, int line) {
    if (strcmp(actual, expected) == 0) return;
    failure(file, line);
    printf("\"%s\", expected \"%s\"\n", actual, expected);
}

void check_contains(const char *actual, const char *part, bool expected, const char *file, int line) {
    if ((strstr(actual, part) != NULL) == expected) return;
    failure(file, line);
    printf("\"%s\" %s \"%s\"\n", actual, expected ? "lacks" : "contains", part);
}

_Noreturn void broken(const char *what) {
    printf("broken: %s: %s\n", what, strerror(errno));
    exit(1);
}

size_t file_read(const char *path, char *bytes, size_t size) {
    size_t length = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        for (ssize_t taken; length < size - 1 && (taken = read(file, bytes + length, size - 1 - length)) > 0;)
            length += (size_t) taken;
        close(file);
    }
    bytes[length] = '\0';
    return length;
}

/* A mount namespace of our own, so that whatever a test mounts ends with this process. */
static void probe_privileges(void) {
    const char *call = "unshare(CLONE_NEWNS)";
    bool able = unshare(CLONE_NEWNS) == 0;
    if (able) able = mount(NULL, call = "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    if (able) able = mount("tmpfs", call = work_directory, "tmpfs", 0, NULL) == 0;
    if (!able) snprintf(probe, sizeof probe, "%s: %s", call, strerror(errno));
}

static bool in_ring(const struct test *test) {
    if (ring == NULL) return true;
    return test->root == (strcmp(ring, "kernel") == 0);
}

static void run(const struct test *tests, const char *variant) {
    for (; tests->name != NULL; tests++) {
        if (!in_ring(tests)) continue;
        failures = 0;
        if (tests->root && probe[0] != '\0') {
            failures = 1;
            printf("     it needs root: %s\n", probe);
        } else {
            tests->run();
        }
        printf("%s %s%s\n", failures == 0 ? "ok  " : "FAIL", tests->name, variant);
        if (failures == 0) passed++;
        else failed++;
    }
}

int main(int count, char **arguments) {
    static char plain[4096], sanitized[4096];
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN); /* a program that failed no longer waits for its go */
    if (count < 2 || count > 3) broken("usage: tests FOLDER-OF-THE-PROGRAMS [pure|kernel]");
    target_directory = arguments[1];
    ring = arguments[2];
    if (ring != NULL && strcmp(ring, "pure") != 0 && strcmp(ring, "kernel") != 0) broken(ring);
    work_directory = mkdtemp(directory);
    if (work_directory == NULL) broken("mkdtemp");
    probe_privileges();
    snprintf(plain, sizeof plain, "%s/brocker-run", target_directory);
    snprintf(sanitized, sizeof sanitized, "%s/brocker-run-sanitized", target_directory);

    run(text_tests, "");
    run(orders_tests, "");
    run(log_tests, "");
    run(record_tests, "");
    run(restrict_tests, "");
    const char *programs[] = {plain, sanitized}, *variants[] = {"", " (sanitized)"};
    for (int i = 0; i < 2; i++) {
        program = programs[i];
        run(container_tests, variants[i]);
        run(mounts_tests, variants[i]);
        run(inherited_tests, variants[i]);
        run(isolation_tests, variants[i]);
        run(user_namespace_tests, variants[i]);
        run(exec_tests, variants[i]);
    }

    if (probe[0] == '\0') umount2(work_directory, MNT_DETACH);
    rmdir(work_directory);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
