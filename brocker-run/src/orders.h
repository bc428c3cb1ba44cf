#ifndef BROCKER_RUN_ORDERS_H
#define BROCKER_RUN_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum mode { INIT = 1, EXEC = 2 };

enum verb {
    CGROUP, OOM_EVENTS, USER_NAMESPACE, HOSTNAME, ROOT, MOUNT, TREE, ONE_FILE, APP, MASK, READ_ONLY, ROOT_READ_ONLY, LOG,
    RLIMIT, OOM_SCORE_ADJ, CAPABILITIES, USER, GROUP, SECCOMP, WORKING_DIRECTORY, ENV, ARGUMENT, SOCKETS, DETACH, VERBS
};

enum { MOST_ARGUMENTS = 5, MOST_SOCKETS = 1000, MOST_LOG_FILES = 1000, MOST_GROUPS = 65536, MOST_INSTRUCTIONS = 4096,
       MOST_OOM_SCORE = 1000 };

/** One order; its strings lie in the orders' own bytes. */
struct order {
    enum verb verb;
    const char *arguments[MOST_ARGUMENTS];
};

/** Checked orders: what comes at most once is here, what may be repeated is met again with orders_next. */
struct orders {
    const char *bytes;
    size_t size;
    size_t count[VERBS];
    const char *oom_events, *oom_score, *hostname, *root, *tree, *app, *seccomp, *working_directory; /* NULL when absent */
    uint64_t log_size; /* bytes; 0 is without end */
    unsigned log_files;
    uint64_t capabilities;
    uint32_t first_id, ids; /* the ids outside that are 0, 1, … inside; none without a user namespace */
    uid_t uid;
    gid_t gid;
    unsigned sockets;
};

/** Checks every order. NULL when all are good, otherwise the object of the failure, with errno set. */
const char *orders_parse(struct orders *orders, enum mode mode, const char *bytes, size_t size);

/** The next order of a kind at or after the cursor, which starts at 0; false after the last. Needs checked orders. */
bool orders_next(const struct orders *orders, enum verb verb, size_t *cursor, struct order *order);

/** A number of a checked order. */
uint64_t order_number(const struct order *order, size_t argument);

/** Maps and checks the orders in a memfd and closes it; exits at stage `orders`. */
void orders_read(struct orders *orders, enum mode mode, int fd);

/** Gives their memory back. */
void orders_forget(struct orders *orders);

#endif
