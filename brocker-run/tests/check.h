#ifndef BROCKER_RUN_TESTS_CHECK_H
#define BROCKER_RUN_TESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct test {
    const char *name;
    void (*run)(void);
    bool root; /* needs to make namespaces and mounts */
};

/** Ended by a test without a name. */
extern const struct test text_tests[], orders_tests[], log_tests[], record_tests[], restrict_tests[], container_tests[],
    mounts_tests[], inherited_tests[], isolation_tests[], user_namespace_tests[], exec_tests[];

/** A directory that is empty at the start and of this run alone; a tmpfs when the run may mount. */
extern const char *work_directory;
/** The folder of the built programs. */
extern const char *target_directory;
/** The program under test by the tests that make containers. */
extern const char *program;

void check(bool good, const char *file, int line, const char *what);
void check_number(long actual, long expected, const char *file, int line, const char *what);
void check_text(const char *actual, const char *expected, const char *file, int line);
void check_contains(const char *actual, const char *part, bool expected, const char *file, int line);

#define CHECK(condition) check((condition), __FILE__, __LINE__, #condition)
#define CHECK_NUMBER(actual, expected) check_number((long) (actual), (long) (expected), __FILE__, __LINE__, #actual)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), __FILE__, __LINE__)
#define CHECK_CONTAINS(actual, part) check_contains((actual), (part), true, __FILE__, __LINE__)
#define CHECK_LACKS(actual, part) check_contains((actual), (part), false, __FILE__, __LINE__)

/** Ends the run: what the tests stand on is broken. */
_Noreturn void broken(const char *what);

/** Reads a whole file, terminated, and gives its length; an absent one is empty. */
size_t file_read(const char *path, char *bytes, size_t size);

#endif
