#include "check.h"
#include "orders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* String literals joined with \0 end with one of their own. */
#define PARSE(mode, literal) parse(mode, literal, sizeof(literal))
#define COMPLETE "root\0/r\0argument\0/bin/true\0"

static char *copy;
static struct orders orders;

/* On a heap block of exactly their size, so that the sanitizer sees one byte read too far. */
static const char *parse(enum mode mode, const char *bytes, size_t size) {
    free(copy);
    copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) broken("malloc");
    memcpy(copy, bytes, size);
    return orders_parse(&orders, mode, copy, size);
}

static const char good[] =
    "cgroup\0/c\0oom-events\0/e\0hostname\0h\0root\0/r\0mount\0proc\0/proc\0proc\0" "14\0\0app\0/a\0mask\0/m\0mask\0/n\0read-only\0/o\0"
    "root-read-only\0log\0" "1000\0" "3\0rlimit\0" "7\0" "18446744073709551615\0" "5\0oom-score-adj\0-500\0capabilities\0a80425fb\0user\0"
    "1000\0" "1001\0group\0" "4\0group\0" "5\0seccomp\0" "06000000" "0000ff7f\0working-directory\0/w\0env\0A=B\0env\0C=\0"
    "argument\0/bin/true\0argument\0\0sockets\0" "2";

static void everyVerbIsRead(void) {
    const char *bad = PARSE(INIT, good);
    CHECK(bad == NULL);
    CHECK_TEXT(orders.oom_events, "/e");
    CHECK_TEXT(orders.oom_score, "-500");
    CHECK_TEXT(orders.hostname, "h");
    CHECK_TEXT(orders.root, "/r");
    CHECK_TEXT(orders.app, "/a");
    CHECK_TEXT(orders.seccomp, "060000000000ff7f");
    CHECK_TEXT(orders.working_directory, "/w");
    CHECK_NUMBER(orders.count[ROOT_READ_ONLY], 1);
    CHECK_NUMBER(orders.log_size, 1000);
    CHECK_NUMBER(orders.log_files, 3);
    CHECK_NUMBER(orders.capabilities, 0xa80425fb);
    CHECK_NUMBER(orders.uid, 1000);
    CHECK_NUMBER(orders.gid, 1001);
    CHECK_NUMBER(orders.sockets, 2);
    CHECK_NUMBER(orders.count[ARGUMENT], 2);
    CHECK_NUMBER(orders.count[ENV], 2);
}

static void repeatedOrdersAreMetInOrder(void) {
    struct order order;
    size_t cursor = 0;
    CHECK(PARSE(INIT, good) == NULL);
    CHECK(orders_next(&orders, MASK, &cursor, &order));
    CHECK_TEXT(order.arguments[0], "/m");
    CHECK(orders_next(&orders, MASK, &cursor, &order));
    CHECK_TEXT(order.arguments[0], "/n");
    CHECK(!orders_next(&orders, MASK, &cursor, &order));
    cursor = 0;
    CHECK(orders_next(&orders, MOUNT, &cursor, &order));
    CHECK_TEXT(order.arguments[2], "proc");
    CHECK_NUMBER(order_number(&order, 3), 14);
    CHECK_TEXT(order.arguments[4], "");
    cursor = 0;
    CHECK(orders_next(&orders, RLIMIT, &cursor, &order));
    CHECK(order_number(&order, 1) == UINT64_MAX);
}

static void absentOrdersHaveTheirDefaults(void) {
    CHECK(PARSE(EXEC, "argument\0x") == NULL);
    CHECK(orders.seccomp == NULL && orders.working_directory == NULL && orders.hostname == NULL);
    CHECK_NUMBER(orders.uid, 0);
    CHECK_NUMBER(orders.capabilities, 0);
    CHECK_NUMBER(orders.sockets, 0);
    CHECK_NUMBER(orders.log_size, 0);
}

static void refused(const char *bad, const char *object, int error) {
    int got = errno;
    CHECK_TEXT(bad == NULL ? "(accepted)" : bad, object);
    CHECK_NUMBER(got, error);
}

static void unknownVerbIsRefused(void) {
    refused(PARSE(INIT, COMPLETE "mounts\0a"), "mounts", EINVAL);
    refused(PARSE(INIT, COMPLETE "\0a"), "", EINVAL);
}

static void idsOfAUserNamespaceAreChecked(void) {
    CHECK(PARSE(EXEC, "user-namespace\0" "70000\0" "1000\0argument\0x") == NULL);
    CHECK_NUMBER(orders.first_id, 70000);
    CHECK_NUMBER(orders.ids, 1000);
    refused(PARSE(EXEC, "user-namespace\0" "0\0" "1000\0argument\0x"), "0", ERANGE);
    refused(PARSE(EXEC, "user-namespace\0" "70000\0" "0\0argument\0x"), "0", ERANGE);
    refused(PARSE(EXEC, "user-namespace\0" "4294967293\0" "2\0argument\0x"), "2", ERANGE);
}

static void truncatedOrdersAreRefused(void) {
    refused(parse(EXEC, "argument\0/x", 11), "argument", EINVAL);
    refused(parse(EXEC, "argument\0x\0argu", 15), "a truncated verb", EINVAL);
    refused(PARSE(INIT, COMPLETE "mount\0a\0b\0c"), "mount", EINVAL);
    refused(parse(INIT, COMPLETE "user\0" "0\0", sizeof COMPLETE "user\0" "0" - 0), "user", EINVAL);
}

static void noPrefixIsTakenForTheWhole(void) {
    size_t end_of_argument = sizeof good - sizeof "sockets\0" "2" - sizeof "argument\0";
    for (size_t size = 0; size < end_of_argument; size++) CHECK(parse(INIT, good, size) != NULL);
}

static void verbOfTheOtherModeIsRefused(void) {
    refused(PARSE(EXEC, "argument\0x\0root\0/"), "root", EINVAL);
    refused(PARSE(EXEC, "argument\0x\0mount\0a\0b\0c\0" "0\0"), "mount", EINVAL);
    refused(PARSE(EXEC, "argument\0x\0root-read-only"), "root-read-only", EINVAL);
}

static void whatComesOnceIsRefusedTwice(void) {
    refused(PARSE(INIT, COMPLETE "hostname\0a\0hostname\0b"), "hostname", EINVAL);
    refused(PARSE(INIT, COMPLETE "capabilities\0" "0\0capabilities\0ff"), "capabilities", EINVAL);
}

static void commandAndRootAreNeeded(void) {
    refused(PARSE(INIT, "root\0/"), "argument", EINVAL);
    refused(PARSE(INIT, "argument\0x"), "root", EINVAL);
}

static void numbersOutOfRangeAreRefused(void) {
    refused(PARSE(INIT, COMPLETE "mount\0a\0b\0c\0" "4294967296\0"), "4294967296", ERANGE);
    refused(PARSE(INIT, COMPLETE "log\0" "0\0" "1"), "0", ERANGE);
    refused(PARSE(INIT, COMPLETE "log\0" "1\0" "0"), "0", ERANGE);
    refused(PARSE(INIT, COMPLETE "log\0" "9223372036854775808\0" "1"), "9223372036854775808", ERANGE);
    refused(PARSE(INIT, COMPLETE "rlimit\0" "16\0" "0\0" "0"), "16", ERANGE);
    refused(PARSE(INIT, COMPLETE "rlimit\0" "1\0" "18446744073709551616\0" "0"), "18446744073709551616", ERANGE);
    refused(PARSE(INIT, COMPLETE "user\0" "4294967295\0" "0"), "4294967295", ERANGE);
    refused(PARSE(INIT, COMPLETE "group\0-1"), "-1", EINVAL);
    refused(PARSE(INIT, COMPLETE "sockets\0" "1001"), "1001", ERANGE);
    refused(PARSE(INIT, COMPLETE "capabilities\0xyz"), "xyz", EINVAL);
    refused(PARSE(INIT, COMPLETE "oom-score-adj\0" "1001"), "1001", ERANGE);
    refused(PARSE(INIT, COMPLETE "oom-score-adj\0-1001"), "-1001", ERANGE);
    refused(PARSE(INIT, COMPLETE "oom-score-adj\0-"), "-", EINVAL);
    refused(PARSE(INIT, COMPLETE "oom-score-adj\0--1"), "--1", EINVAL);
}

static void filterOfHalfAnInstructionIsRefused(void) {
    refused(PARSE(INIT, COMPLETE "seccomp\0" "0600000000"), "seccomp", EINVAL);
    refused(PARSE(INIT, COMPLETE "seccomp\0"), "seccomp", EINVAL);
    refused(PARSE(INIT, COMPLETE "seccomp\0" "060000000000ff7g"), "seccomp", EINVAL);
}

static uint64_t state;

static uint64_t next_random(void) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Whatever the bytes, the parser stays inside of them, and what it accepts can be walked. */
static void randomBytesAreReadWithinTheirBounds(void) {
    const char *given = getenv("SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t) time(NULL) * 2654435761u + 1;
    state = seed | 1;
    printf("     SEED=%llu\n", (unsigned long long) seed);
    long accepted = 0;
    for (int round = 0; round < 100000; round++) {
        char bytes[sizeof good];
        memcpy(bytes, good, sizeof good);
        size_t size = round % 2 == 0 ? sizeof good : next_random() % sizeof good;
        for (uint64_t changes = next_random() % 4; changes > 0; changes--)
            bytes[next_random() % sizeof good] = next_random() % 3 == 0 ? '\0' : (char) next_random();
        if (round % 10 == 0)
            for (size_t i = 0; i < size; i++) bytes[i] = (char) next_random();
        if (parse(round % 3 == 0 ? EXEC : INIT, bytes, size) != NULL) continue;
        accepted++;
        for (int verb = 0; verb < VERBS; verb++) {
            struct order order;
            size_t met = 0;
            for (size_t cursor = 0; orders_next(&orders, (enum verb) verb, &cursor, &order);) met++;
            if (met != orders.count[verb]) CHECK_NUMBER(met, orders.count[verb]);
        }
    }
    CHECK(accepted > 1000);
}

const struct test orders_tests[] = {
    {"everyVerbIsRead", everyVerbIsRead, false},
    {"repeatedOrdersAreMetInOrder", repeatedOrdersAreMetInOrder, false},
    {"absentOrdersHaveTheirDefaults", absentOrdersHaveTheirDefaults, false},
    {"unknownVerbIsRefused", unknownVerbIsRefused, false},
    {"idsOfAUserNamespaceAreChecked", idsOfAUserNamespaceAreChecked, false},
    {"truncatedOrdersAreRefused", truncatedOrdersAreRefused, false},
    {"noPrefixIsTakenForTheWhole", noPrefixIsTakenForTheWhole, false},
    {"verbOfTheOtherModeIsRefused", verbOfTheOtherModeIsRefused, false},
    {"whatComesOnceIsRefusedTwice", whatComesOnceIsRefusedTwice, false},
    {"commandAndRootAreNeeded", commandAndRootAreNeeded, false},
    {"numbersOutOfRangeAreRefused", numbersOutOfRangeAreRefused, false},
    {"filterOfHalfAnInstructionIsRefused", filterOfHalfAnInstructionIsRefused, false},
    {"randomBytesAreReadWithinTheirBounds", randomBytesAreReadWithinTheirBounds, false},
    {NULL, NULL, false},
};
