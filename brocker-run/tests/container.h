#ifndef BROCKER_RUN_TESTS_CONTAINER_H
#define BROCKER_RUN_TESTS_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * What brockerd is to brocker-run: makes namespaces, a root and the descriptors of PROTOCOL.md, and starts the program from
 * a sealed memfd. The root has `/bin/inside`, `/bin/plain` (not executable), a fresh /proc, and empty folders
 * `/app`, `/data`, `/tmp`.
 */
struct container {
    char folder[256];           /* of this container, on the tests' own tmpfs */
    char orders[8192];
    size_t orders_size;
    void (*prepare)(void);      /* runs in the new mount namespace, in the root, before the start; may be NULL */
    bool silent;                /* end of file instead of go */
    int sockets[4], sockets_count;
    pid_t pid;                  /* PID 1, by its number out here */
    char status[4096];          /* what came over the status pipe */
    size_t status_length;
};

/** One more command in a container: the same orders, and its stdin; its stdout and stderr are read together. */
struct session {
    char orders[8192];
    size_t orders_size;
    int input; /* -1: /dev/null */
    void (*prepare)(void); /* runs before the start; may be NULL */
    bool stranger; /* is not given the container's user namespace */
    char status[4096];
    size_t status_length;
    char output[8192];
};

/** An order and its arguments, ended by NULL. */
#define ORDER(target, ...) order_add((target)->orders, &(target)->orders_size, __VA_ARGS__, (const char *) NULL)
void order_add(char *orders, size_t *size, ...);

/** A container with a root, /proc, all capabilities, and the arguments of `inside` as its command. */
#define CONTAINER(...) container_new(__VA_ARGS__, (const char *) NULL)
struct container *container_new(const char *argument, ...);
/** The same without a command. */
struct container *container_bare(void);

/** Starts it and reads the status pipe to its end. Afterwards this process holds none of its descriptors. */
void container_start(struct container *container);
/** The wait status of PID 1, which must end within ten seconds. */
int container_wait(struct container *container);
/** Start, then wait. */
int container_run(struct container *container);
/** Waits until the log has this text, at most ten seconds. */
void container_await(struct container *container, const char *text);
/** The bytes of a file of the record directory, until the next call; empty when there is none. */
const char *container_file(struct container *container, const char *name);
/** Runs it, which must succeed, and gives its log, until the next file is read. */
const char *log_of(struct container *container);
/** Removes its folder. */
void container_delete(struct container *container);

/** `stage`, errno and object of the status message. */
void check_status(const char *bytes, size_t length, const char *stage, int error, const char *object, const char *file, int line);
#define CHECK_STATUS(target, stage, error, object) \
    check_status((target)->status, (target)->status_length, stage, error, object, __FILE__, __LINE__)

#define SESSION(...) session_new(__VA_ARGS__, (const char *) NULL)
struct session *session_new(const char *argument, ...);
/** Runs it in the container; the wait status of the command. */
int session_run(struct session *session, const struct container *container);

#endif
