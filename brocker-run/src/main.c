/*
 * brocker-run: PID 1 of every container (`init`), and the door through which one more command enters it (`exec`).
 *
 * It does what only a process inside the new namespaces can do: the last mounts and the change of root, the limits, user,
 * capabilities and system call filter of the command; then it reaps, forwards signals, writes the log and the exit record.
 * PROTOCOL.md is what brockerd and this program agree on.
 *
 * What it will never do: parse a configuration, read a file of the container, decide anything that brockerd can decide,
 * talk to a network, restart the command, wait for the daemon once the command runs, allocate memory while it supervises.
 */
#include "command.h"
#include "inherited.h"
#include "log.h"
#include "mounts.h"
#include "namespaces.h"
#include "oom.h"
#include "orders.h"
#include "privileges.h"
#include "record.h"
#include "report.h"
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The descriptors that brockerd gives, and RECORDS. */
enum { PROGRAM = 3, ORDERS = 4, STATUS = 5, GO = 6, HANDOVER = 6, CONTAINER = 8 };

/* Two buffers of 16 KiB, no memory until something is written. */
static struct stream streams[2];

/* Not dumpable: /proc/PID/{exe,fd,mem} and ptrace(2) are closed to the container, whoever it runs as (proc(5)). */
static void close_the_doors(void) {
    report_through(STATUS);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) fail("orders", errno, "PR_SET_DUMPABLE");
    prctl(PR_SET_NAME, "brocker-run", 0, 0, 0);
    signals_default();
    signals_block();
    umask(022);
    close(PROGRAM);
}

/* False at end of file: the daemon went away before it said go. */
static bool go_received(void) {
    char go;
    ssize_t length = read(GO, &go, 1);
    close(GO);
    return length == 1;
}

/* Gives the write end; the read end becomes the stream's. */
static int stream_open(struct stream *stream, const char *name) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("fork", errno, name);
    stream->name = name;
    stream->pipe = ends[0];
    return ends[1];
}

static void record_or_tell(int reserved, const struct record *record, struct log *log) {
    static const char problem[] = "brocker-run: the exit record could not be written";
    if (!record_write(RECORDS, reserved, record)) log_line(log, "stderr", 'F', problem, sizeof problem - 1);
}

static int init(void) {
    struct orders orders;
    struct log log;
    struct record record;

    /* 1. Out of the container's reach; PID 1 or nothing, since what follows would ruin any other place. */
    close_the_doors();
    if (getpid() != 1) fail("orders", EPERM, "init is for PID 1 of a new namespace");

    /* 2. What to do, and whose resources it costs. */
    orders_read(&orders, INIT, ORDERS);
    sockets_check(&orders);
    limits_take(&orders); /* of a user namespace they hold as they are when it is made */
    cgroups_enter(&orders);
    inherited_reset();
    int oom_events = oom_open(&orders);
    int oom_score = oom_score_take(&orders);
    directory_detach(RECORDS);
    cgroup_namespace_unshare();
    user_namespace_open(&orders);

    /* 3. The container's view. */
    int root = mounts_make(&orders);
    root_enter(&orders, root);
    hostname_set(&orders);

    /* 4. The command, which waits, and PID 1 confined before any process can trace it. Of what is still
       open only the record directory, which leads nowhere else, the streams, the count of out-of-memory kills, the sockets, for
       brockerd to take back, and the user namespace, for exec to join, are of use. */
    int signals = signals_open();
    int standard_output = stream_open(&streams[0], "stdout");
    int standard_error = stream_open(&streams[1], "stderr");
    struct command command = command_fork(&orders, standard_output, standard_error);
    oom_score_give_back(oom_score); /* the command may be meant to go first, and leave a record */
    close(standard_output);
    close(standard_error);
    uint64_t log_size = orders.log_size;
    unsigned log_files = orders.log_files;
    orders_forget(&orders);
    privileges_of_init();

    /* 5. The daemon has made the rest, or is gone. */
    if (!go_received()) return 0;
    if (!log_open(&log, RECORDS, log_size, log_files)) fail("log", errno, "log");
    int reserved = record_reserve(RECORDS);
    if (reserved < 0) fail("log", errno, "exit");
    if (!command_release(&command, STATUS)) {
        record_discard(RECORDS);
        return FAILED;
    }

    /* ---- From here on it is not allowed to exit before the command has ended. ---- */

    clock_gettime(CLOCK_REALTIME, &record.started);
    close(STATUS);
    record.status = supervise(command.pid, signals, streams, &log);

    /* 6. The end of everybody, and the word about it. */
    clock_gettime(CLOCK_REALTIME, &record.ended);
    record.oom_kills = oom_kills(oom_events);
    kill_the_rest();
    stream_finish(&streams[0], &log);
    stream_finish(&streams[1], &log);
    record.lost_lines = log.lost;
    record_or_tell(reserved, &record, &log);
    return exit_code(record.status);
}

static _Noreturn void enter(void) {
    struct orders orders;

    /* 1. Out of the container's reach: in no PID namespace of it. */
    close_the_doors();

    /* 2. What to do, and whose resources it costs: while the host's cgroup files can still be seen and written. */
    orders_read(&orders, EXEC, ORDERS);
    sockets_check(&orders);
    limits_take(&orders);
    cgroups_enter(&orders);
    inherited_reset();
    oom_score_take(&orders);

    /* 3. The container's view. */
    namespaces_join(CONTAINER);

    /* 4. The command. */
    command_hand_over(&orders, STATUS, HANDOVER);
}

int main(int count, char **arguments) {
    static const char usage[] = "brocker-run: started by brockerd, as PROTOCOL.md describes; not by hand\n";
    if (count == 2 && strcmp(arguments[1], "init") == 0) return init();
    if (count == 2 && strcmp(arguments[1], "exec") == 0) enter();
    ssize_t ignored = write(STDERR_FILENO, usage, sizeof usage - 1);
    (void) ignored;
    return 2;
}
