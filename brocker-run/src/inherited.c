#include "inherited.h"
#include "oom.h"
#include "report.h"

#include <errno.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_PROCESSORS = 8192, USUAL_TIMER_SLACK = 50000 /* nanoseconds */ };

/* sched_setscheduler(2), by number: musl's function always fails. Before the niceness, which counts under this policy only. */
static void scheduling_reset(void) {
    const struct sched_param none = {.sched_priority = 0};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
    setpriority(PRIO_PROCESS, 0, 0);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 0); /* IOPRIO_CLASS_NONE: as the niceness says */
}

/* sched_setaffinity(2): the kernel takes of all processors those that the control group allows. */
static void processors_reset(void) {
    unsigned char all[MOST_PROCESSORS / 8];
    memset(all, 0xff, sizeof all);
    syscall(SYS_sched_setaffinity, 0, sizeof all, all);
}

/* The possessor of a keyring reads its keys, whoever it runs as (keyrings(7)). Without keyrings in the kernel (ENOSYS), or where
   nobody below brockerd may use them (EPERM), there is nothing to leave. */
static void keyring_leave(void) {
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0) < 0 && errno != ENOSYS && errno != EPERM)
        fail("inherited", errno, "the session keyring");
}

void inherited_reset(void) {
    scheduling_reset();
    processors_reset();
    syscall(SYS_set_mempolicy, MPOL_DEFAULT, NULL, 0);
    prctl(PR_SET_TIMERSLACK, USUAL_TIMER_SLACK, 0, 0, 0);
    personality(PER_LINUX);
    oom_score_reset();
    keyring_leave();
}
