#include "filter.h"
#include "record.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { ARCHITECTURE = AUDIT_ARCH_X86_64, LARGE_FILE = 0100000 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = AUDIT_ARCH_AARCH64, LARGE_FILE = 0400000 };
#else
#error "brocker-run has no filter for this architecture"
#endif

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define RETURN(verdict) BPF_STMT(BPF_RET | BPF_K, (verdict))
#define REFUSED (SECCOMP_RET_ERRNO | 1 /* EPERM */)

/* A call with any arguments: two instructions. */
#define CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), RETURN(SECCOMP_RET_ALLOW)
/* A call whose arguments are looked at by so many instructions, which end with ALLOWED. */
#define CALL_IF(number, instructions) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, (instructions))
#define ALLOWED RETURN(SECCOMP_RET_ALLOW)
/* The low half of an argument, which is all of an int; both architectures are little-endian. Three instructions. */
#define ARGUMENT(index) LOAD(offsetof(struct seccomp_data, args) + sizeof(__u64) * (index))
#define IS(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 1, 0), RETURN(REFUSED)

bool filter_of_init(void) {
    static const struct sock_filter instructions[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        LOAD(offsetof(struct seccomp_data, nr)),
        /* Pumping, most frequent first. Where poll(2) is not a call, the C library uses ppoll(2). */
#ifdef SYS_poll
        CALL(SYS_poll),
#endif
        CALL(SYS_ppoll),
        CALL(SYS_read),
        CALL(SYS_writev),
        CALL(SYS_clock_gettime),
        CALL(SYS_wait4),
        CALL(SYS_waitid),
        CALL(SYS_getpid),
        CALL(SYS_kill),
        CALL(SYS_restart_syscall), /* poll(2) after SIGSTOP and SIGCONT */
        /* The log, the record, the count of out-of-memory kills, the end. */
        CALL(SYS_write),
        CALL(SYS_close),
        CALL(SYS_lseek),
        CALL(SYS_ftruncate),
        CALL(SYS_fsync),
        CALL(SYS_pread64),
        CALL(SYS_pwrite64),
        CALL(SYS_exit_group),
        CALL_IF(SYS_ioctl, 4), ARGUMENT(1), IS(FIONREAD), ALLOWED,
        CALL_IF(SYS_openat, 11), ARGUMENT(0), IS(RECORDS), ARGUMENT(2),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(unsigned) (LARGE_FILE | O_APPEND | O_TRUNC)), IS(FILE_FLAGS),
        ARGUMENT(3), IS(FILE_MODE), ALLOWED,
        CALL_IF(SYS_renameat, 7), ARGUMENT(0), IS(RECORDS), ARGUMENT(2), IS(RECORDS), ALLOWED,
        CALL_IF(SYS_unlinkat, 7), ARGUMENT(0), IS(RECORDS), ARGUMENT(2), IS(0), ALLOWED,
        RETURN(REFUSED),
    };
    const struct sock_fprog program = {
        .len = sizeof instructions / sizeof *instructions, .filter = (struct sock_filter *) (uintptr_t) instructions};
    /* SPEC_ALLOW, Linux 4.17: without it kernels before 5.16 slow this process down against SSB. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
}
