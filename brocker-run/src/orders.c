#include "orders.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned arguments;
    unsigned modes;
    bool repeated;
} verbs[VERBS] = {
    [CGROUP] = {"cgroup", 1, INIT | EXEC, true},
    [OOM_EVENTS] = {"oom-events", 1, INIT, false},
    [USER_NAMESPACE] = {"user-namespace", 2, INIT | EXEC, false},
    [HOSTNAME] = {"hostname", 1, INIT, false},
    [ROOT] = {"root", 1, INIT, false},
    [MOUNT] = {"mount", 5, INIT, true},
    [TREE] = {"tree", 1, INIT, false},
    [ONE_FILE] = {"file", 3, INIT, true},
    [APP] = {"app", 1, INIT, false},
    [MASK] = {"mask", 1, INIT, true},
    [READ_ONLY] = {"read-only", 1, INIT, true},
    [ROOT_READ_ONLY] = {"root-read-only", 0, INIT, false},
    [LOG] = {"log", 2, INIT, false},
    [RLIMIT] = {"rlimit", 3, INIT | EXEC, true},
    [OOM_SCORE_ADJ] = {"oom-score-adj", 1, INIT | EXEC, false},
    [CAPABILITIES] = {"capabilities", 1, INIT | EXEC, false},
    [USER] = {"user", 2, INIT | EXEC, false},
    [GROUP] = {"group", 1, INIT | EXEC, true},
    [SECCOMP] = {"seccomp", 1, INIT | EXEC, false},
    [WORKING_DIRECTORY] = {"working-directory", 1, INIT | EXEC, false},
    [ENV] = {"env", 1, INIT | EXEC, true},
    [ARGUMENT] = {"argument", 1, INIT | EXEC, true},
    [SOCKETS] = {"sockets", 1, INIT | EXEC, false},
    [DETACH] = {"detach", 0, EXEC, false},
};

/* The string at the cursor, which moves behind its NUL; NULL when none ends before the orders do. */
static const char *string_next(const struct orders *orders, size_t *cursor) {
    const char *string = orders->bytes + *cursor;
    size_t left = orders->size - *cursor;
    const char *end = left == 0 ? NULL : memchr(string, '\0', left);
    if (end == NULL) return NULL;
    *cursor += (size_t) (end - string) + 1;
    return string;
}

/* One order of any kind. NULL, or the object of the failure. */
static const char *order_parse(const struct orders *orders, size_t *cursor, struct order *order) {
    const char *name = string_next(orders, cursor);
    errno = EINVAL;
    if (name == NULL) return "a truncated verb";
    unsigned verb = 0;
    while (verb < VERBS && strcmp(name, verbs[verb].name) != 0) verb++;
    if (verb == VERBS) return name;
    order->verb = (enum verb) verb;
    for (unsigned i = 0; i < verbs[verb].arguments; i++) {
        order->arguments[i] = string_next(orders, cursor);
        if (order->arguments[i] == NULL) return name;
    }
    return NULL;
}

/* NULL, or the argument that is no number from least to most. */
static const char *number_check(const struct order *order, size_t argument, uint64_t least, uint64_t most) {
    uint64_t number = 0;
    if (!number_parse(order->arguments[argument], most, &number)) return order->arguments[argument];
    errno = ERANGE;
    return number < least ? order->arguments[argument] : NULL;
}

/* A seccomp filter is whole instructions of 8 bytes, 16 digits each. */
static const char *filter_check(const char *filter) {
    size_t digits = strlen(filter);
    errno = digits > MOST_INSTRUCTIONS * (size_t) 16 ? ERANGE : EINVAL;
    if (digits == 0 || digits % 16 != 0 || digits > MOST_INSTRUCTIONS * (size_t) 16) return "seccomp";
    for (; *filter != '\0'; filter++)
        if (hex_digit(*filter) < 0) return "seccomp";
    return NULL;
}

/* NULL, or the score where it is not from -1000 to 1000. */
static const char *score_check(const char *score) {
    uint64_t number = 0;
    return number_parse(*score == '-' ? score + 1 : score, MOST_OOM_SCORE, &number) ? NULL : score;
}

/* NULL, or the first bad argument of the order. */
static const char *arguments_check(const struct order *order) {
    static const uint64_t most_id = UINT32_MAX - 1; /* (uid_t) -1 means "unchanged" to setresuid(2) */
    const char *bad = NULL;
    uint64_t mask = 0;
    switch (order->verb) {
        case MOUNT: return number_check(order, 3, 0, UINT32_MAX);
        case ONE_FILE: return number_check(order, 2, 0, UINT32_MAX);
        case USER_NAMESPACE: bad = number_check(order, 0, 1, most_id);
            return bad != NULL ? bad : number_check(order, 1, 1, most_id - order_number(order, 0));
        case LOG: bad = number_check(order, 0, 1, INT64_MAX);
            return bad != NULL ? bad : number_check(order, 1, 1, MOST_LOG_FILES);
        case RLIMIT:
            for (size_t i = 1; i < 3 && bad == NULL; i++) bad = number_check(order, i, 0, UINT64_MAX);
            return bad != NULL ? bad : number_check(order, 0, 0, 15);
        case OOM_SCORE_ADJ: return score_check(order->arguments[0]);
        case CAPABILITIES: return mask_parse(order->arguments[0], &mask) ? NULL : order->arguments[0];
        case USER: bad = number_check(order, 0, 0, most_id);
            return bad != NULL ? bad : number_check(order, 1, 0, most_id);
        case GROUP: return number_check(order, 0, 0, most_id);
        case SECCOMP: return filter_check(order->arguments[0]);
        case SOCKETS: return number_check(order, 0, 0, MOST_SOCKETS);
        case CGROUP: case OOM_EVENTS: case HOSTNAME: case ROOT: case TREE: case APP: case MASK: case READ_ONLY:
        case ROOT_READ_ONLY: case WORKING_DIRECTORY: case ENV: case ARGUMENT: case DETACH: case VERBS: return NULL;
    }
    return NULL;
}

static void order_keep(struct orders *orders, const struct order *order) {
    switch (order->verb) {
        case OOM_EVENTS: orders->oom_events = order->arguments[0]; break;
        case HOSTNAME: orders->hostname = order->arguments[0]; break;
        case ROOT: orders->root = order->arguments[0]; break;
        case TREE: orders->tree = order->arguments[0]; break;
        case APP: orders->app = order->arguments[0]; break;
        case SECCOMP: orders->seccomp = order->arguments[0]; break;
        case WORKING_DIRECTORY: orders->working_directory = order->arguments[0]; break;
        case LOG:
            orders->log_size = order_number(order, 0);
            orders->log_files = (unsigned) order_number(order, 1);
            break;
        case OOM_SCORE_ADJ: orders->oom_score = order->arguments[0]; break;
        case CAPABILITIES: mask_parse(order->arguments[0], &orders->capabilities); break;
        case USER_NAMESPACE:
            orders->first_id = (uint32_t) order_number(order, 0);
            orders->ids = (uint32_t) order_number(order, 1);
            break;
        case USER:
            orders->uid = (uid_t) order_number(order, 0);
            orders->gid = (gid_t) order_number(order, 1);
            break;
        case SOCKETS: orders->sockets = (unsigned) order_number(order, 0); break;
        case CGROUP: case MOUNT: case ONE_FILE: case MASK: case READ_ONLY: case ROOT_READ_ONLY: case RLIMIT: case GROUP: case ENV:
        case ARGUMENT: case DETACH: case VERBS: break;
    }
}

const char *orders_parse(struct orders *orders, enum mode mode, const char *bytes, size_t size) {
    *orders = (struct orders) {.bytes = bytes, .size = size, .log_files = 1};
    for (size_t cursor = 0; cursor < size;) {
        struct order order;
        const char *bad = order_parse(orders, &cursor, &order);
        if (bad != NULL) return bad;
        const char *name = verbs[order.verb].name;
        errno = EINVAL;
        if ((verbs[order.verb].modes & mode) == 0) return name;
        if (orders->count[order.verb]++ > 0 && !verbs[order.verb].repeated) return name;
        bad = arguments_check(&order);
        if (bad != NULL) return bad;
        order_keep(orders, &order);
    }
    errno = EINVAL;
    if (orders->count[ARGUMENT] == 0) return verbs[ARGUMENT].name;
    if (mode == INIT && orders->root == NULL) return verbs[ROOT].name;
    errno = ERANGE;
    return orders->count[GROUP] > MOST_GROUPS ? verbs[GROUP].name : NULL;
}

bool orders_next(const struct orders *orders, enum verb verb, size_t *cursor, struct order *order) {
    while (*cursor < orders->size && order_parse(orders, cursor, order) == NULL)
        if (order->verb == verb) return true;
    return false;
}

uint64_t order_number(const struct order *order, size_t argument) {
    uint64_t number = 0;
    number_parse(order->arguments[argument], UINT64_MAX, &number);
    return number;
}

void orders_read(struct orders *orders, enum mode mode, int fd) {
    struct stat file;
    if (fstat(fd, &file) != 0) fail("orders", errno, "the orders");
    if (file.st_size <= 0) fail("orders", EINVAL, "the orders");
    size_t size = (size_t) file.st_size;
    const char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) fail("orders", errno, "the orders");
    close(fd);
    const char *bad = orders_parse(orders, mode, bytes, size);
    if (bad != NULL) fail("orders", errno, bad);
}

void orders_forget(struct orders *orders) {
    munmap((void *) (uintptr_t) orders->bytes, orders->size);
    *orders = (struct orders) {.bytes = NULL};
}
