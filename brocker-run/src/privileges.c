#include "privileges.h"
#include "filter.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void limits_take(const struct orders *orders) {
    struct order order;
    for (size_t cursor = 0; orders_next(orders, RLIMIT, &cursor, &order);) {
        struct rlimit limit = {.rlim_cur = order_number(&order, 1), .rlim_max = order_number(&order, 2)};
        /* The system call: its numbers are the orders' numbers, whatever type a C library gives the resource. */
        if (syscall(SYS_prlimit64, 0, (int) order_number(&order, 0), &limit, NULL) != 0)
            fail("rlimit", errno, order.arguments[0]);
    }
}

static void bounding_set_drop(uint64_t kept) {
    for (unsigned capability = 0; capability < 64; capability++) {
        if ((kept >> capability & 1) != 0 || prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
        if (errno == EINVAL) return; /* behind the last one that this kernel knows */
        fail("capabilities", errno, "the bounding set");
    }
}

static void user_become(const struct orders *orders) {
    static gid_t groups[MOST_GROUPS];
    struct order order;
    size_t count = 0;
    for (size_t cursor = 0; orders_next(orders, GROUP, &cursor, &order);) groups[count++] = (gid_t) order_number(&order, 0);
    if (setgroups(count, groups) != 0) fail("user", errno, "the supplementary groups");
    if (setresgid(orders->gid, orders->gid, orders->gid) != 0) fail("user", errno, "the group");
    /* Through 0: capabilities(7) are taken from a process that was root, and in a user namespace just joined it was nobody. */
    if (setresuid(0, 0, 0) != 0 || setresuid(orders->uid, orders->uid, orders->uid) != 0) fail("user", errno, "the user");
}

/* Permitted and effective; nothing stays inheritable. What this process has not, it cannot keep. */
static bool capabilities_reduce(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) != 0) return false;
    for (unsigned half = 0; half < _LINUX_CAPABILITY_U32S_3; half++) {
        sets[half].permitted &= (uint32_t) (kept >> 32 * half);
        sets[half].effective = sets[half].permitted;
        sets[half].inheritable = 0;
    }
    return syscall(SYS_capset, &header, sets) == 0;
}

/* Neither inheritable (CVE-2022-24769) nor ambient. */
static void capabilities_keep(uint64_t kept) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) fail("capabilities", errno, "the ambient set");
    if (!capabilities_reduce(kept)) fail("capabilities", errno, "the permitted set");
}

static void no_new_privileges(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("capabilities", errno, "no_new_privs");
}

void privileges_of_init(void) {
    /* Permanently: user 0 gets no capabilities, and no change of user gives or keeps any. */
    static const unsigned long secure = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP
        | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE
        | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    bounding_set_drop(0);
    if (prctl(PR_SET_SECUREBITS, secure, 0, 0, 0) != 0) fail("capabilities", errno, "the secure bits");
    capabilities_keep(1U << CAP_KILL);
    no_new_privileges();
    if (!filter_of_init()) fail("seccomp", errno, "the filter of init");
}

void privileges_drop(const struct orders *orders) {
    bounding_set_drop(orders->capabilities); /* needs CAP_SETPCAP */
    user_become(orders);                     /* needs CAP_SETUID and CAP_SETGID; leaves none to another user than 0 */
    capabilities_keep(orders->capabilities);
    no_new_privileges();
}

/* The bytes lie in the filter as they lie in memory. */
static void filter_decode(unsigned char *bytes, const char *digits) {
    for (; *digits != '\0'; digits += 2) *bytes++ = (unsigned char) (hex_digit(digits[0]) << 4 | hex_digit(digits[1]));
}

void seccomp_load(const struct orders *orders) {
    static union {
        struct sock_filter instructions[MOST_INSTRUCTIONS];
        unsigned char bytes[MOST_INSTRUCTIONS * sizeof(struct sock_filter)];
    } filter;
    if (orders->seccomp == NULL) return;
    filter_decode(filter.bytes, orders->seccomp);
    size_t instructions = strlen(orders->seccomp) / 2 / sizeof(struct sock_filter);
    struct sock_fprog program = {.len = (unsigned short) instructions, .filter = filter.instructions};
    /* SPEC_ALLOW, Linux 4.17: without it kernels before 5.16 slow every thread of the command down against SSB. */
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) != 0)
        fail("seccomp", errno, "the filter");
}
