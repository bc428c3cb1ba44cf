package brocker.kernel;

import static brocker.kernel.Call.INT;
import static brocker.kernel.Call.LONG;
import static brocker.kernel.Call.POINTER;
import static brocker.kernel.Call.handle;
import static brocker.kernel.Call.variadic;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Bindings for files, mounts, namespaces and processes. Results as C gives them; {@code call} takes errno. */
final class LibC {
    static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");

    // fcntl(2)
    static final int F_SETFD = 2;
    static final int F_GETLK = 5;
    static final int F_SETLK = 6;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;
    static final int FD_CLOEXEC = 1;
    /** F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE. */
    static final int F_SEAL_ALL = 0xf;

    // mount_setattr(2)
    static final int AT_FDCWD = -100;
    static final int AT_RECURSIVE = 0x8000;

    // waitid(2)
    static final int P_PIDFD = 3;
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int CLD_EXITED = 1;

    static final int SEEK_SET = 0;

    // getpriority(2)
    static final int PRIO_PROCESS = 0;

    // syscall(2): numbers from 424 on are the same on every architecture
    static final int SYS_pidfd_send_signal = 424;
    static final int SYS_fsconfig = 431;
    static final int SYS_fspick = 433;
    static final int SYS_pidfd_open = 434;
    static final int SYS_openat2 = 437;
    static final int SYS_pidfd_getfd = 438;
    static final int SYS_mount_setattr = 442;
    static final int SYS_bpf = AARCH64 ? 280 : 321;

    // fspick(2), fsconfig(2)
    static final int FSPICK_CLOEXEC = 1;
    static final int FSPICK_SYMLINK_NOFOLLOW = 2;
    static final int FSCONFIG_SET_STRING = 1;
    static final int FSCONFIG_CMD_RECONFIGURE = 7;

    /** {@code struct open_how} of openat2(2). */
    static final StructLayout OPEN_HOW =
            MemoryLayout.structLayout(LONG.withName("flags"), LONG.withName("mode"), LONG.withName("resolve"));

    /** {@code struct mount_attr} of mount_setattr(2). */
    static final StructLayout MOUNT_ATTR = MemoryLayout.structLayout(
            LONG.withName("attr_set"),
            LONG.withName("attr_clr"),
            LONG.withName("propagation"),
            LONG.withName("userns_fd"));

    /** {@code struct flock} of fcntl(2). */
    static final StructLayout FLOCK = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("l_type"),
            ValueLayout.JAVA_SHORT.withName("l_whence"),
            MemoryLayout.paddingLayout(4),
            LONG.withName("l_start"),
            LONG.withName("l_len"),
            INT.withName("l_pid"),
            MemoryLayout.paddingLayout(4));

    /** {@code struct pollfd} of poll(2). */
    static final StructLayout POLLFD = MemoryLayout.structLayout(
            INT.withName("fd"), ValueLayout.JAVA_SHORT.withName("events"), ValueLayout.JAVA_SHORT.withName("revents"));

    /** {@code struct statfs} of statfs(2); only its first field is read. */
    static final StructLayout STATFS =
            MemoryLayout.structLayout(LONG.withName("f_type"), MemoryLayout.sequenceLayout(14, LONG));

    // sigaction(2), sigqueue(3): si_value lies where SIGCHLD has si_status
    static final int SI_QUEUE = -1;

    /** {@code siginfo_t} of waitid(2), as far as SIGCHLD fills it. */
    static final StructLayout SIGINFO = MemoryLayout.structLayout(
            INT.withName("si_signo"),
            INT.withName("si_errno"),
            INT.withName("si_code"),
            MemoryLayout.paddingLayout(4),
            INT.withName("si_pid"),
            INT.withName("si_uid"),
            INT.withName("si_status"),
            MemoryLayout.paddingLayout(100));

    private static final FunctionDescriptor I_I = FunctionDescriptor.of(INT, INT);
    private static final FunctionDescriptor I_II = FunctionDescriptor.of(INT, INT, INT);
    private static final FunctionDescriptor I_III = FunctionDescriptor.of(INT, INT, INT, INT);
    private static final FunctionDescriptor I_IIP = FunctionDescriptor.of(INT, INT, INT, POINTER);
    private static final FunctionDescriptor I_PI = FunctionDescriptor.of(INT, POINTER, INT);
    private static final FunctionDescriptor I_PII = FunctionDescriptor.of(INT, POINTER, INT, INT);
    private static final FunctionDescriptor I_PIL = FunctionDescriptor.of(INT, POINTER, INT, LONG);
    private static final FunctionDescriptor I_PP = FunctionDescriptor.of(INT, POINTER, POINTER);
    private static final FunctionDescriptor I_PLI = FunctionDescriptor.of(INT, POINTER, LONG, INT);
    private static final FunctionDescriptor I_IIPI = FunctionDescriptor.of(INT, INT, INT, POINTER, INT);
    private static final FunctionDescriptor I_PPPLP =
            FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, LONG, POINTER);
    private static final FunctionDescriptor L_IPL = FunctionDescriptor.of(LONG, INT, POINTER, LONG);
    private static final FunctionDescriptor L_ILI = FunctionDescriptor.of(LONG, INT, LONG, INT);
    private static final FunctionDescriptor L_LLLLL = FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG);
    private static final FunctionDescriptor L_LLPL = FunctionDescriptor.of(LONG, LONG, LONG, POINTER, LONG);
    private static final FunctionDescriptor L_LLPPL = FunctionDescriptor.of(LONG, LONG, LONG, POINTER, POINTER, LONG);
    private static final FunctionDescriptor L_LLPLPL =
            FunctionDescriptor.of(LONG, LONG, LONG, POINTER, LONG, POINTER, LONG);
    private static final FunctionDescriptor L_LLLPL = FunctionDescriptor.of(LONG, LONG, LONG, LONG, POINTER, LONG);
    private static final FunctionDescriptor L_LLLPPL =
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, POINTER, POINTER, LONG);
    private static final FunctionDescriptor I = FunctionDescriptor.of(INT);

    private static final MethodHandle CLOSE = handle("close", I_I);
    private static final MethodHandle DUP3 = handle("dup3", I_III);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, I_III);
    private static final MethodHandle FCNTL_LOCK = variadic("fcntl", 2, I_IIP);
    private static final MethodHandle GETEUID = handle("geteuid", I);
    private static final MethodHandle GETPID = handle("getpid", I);
    private static final MethodHandle GETPRIORITY = handle("getpriority", I_II);
    private static final MethodHandle GETTID = handle("gettid", I);
    private static final MethodHandle KILL = handle("kill", I_II);
    private static final MethodHandle LCHOWN = handle("lchown", I_PII);
    private static final MethodHandle LSEEK = handle("lseek", L_ILI);
    private static final MethodHandle MEMFD_CREATE = handle("memfd_create", I_PI);
    private static final MethodHandle MKNOD = handle("mknod", I_PIL);
    private static final MethodHandle MOUNT = handle("mount", I_PPPLP);
    private static final MethodHandle OPEN = variadic("open", 2, I_PII);
    private static final MethodHandle PIPE2 = handle("pipe2", I_PI);
    private static final MethodHandle POLL = handle("poll", I_PLI);
    private static final MethodHandle READ = handle("read", L_IPL);
    private static final MethodHandle SETNS = handle("setns", I_II);
    private static final MethodHandle STATFS_ = handle("statfs", I_PP);
    private static final MethodHandle SYSCALL = variadic("syscall", 1, L_LLLLL);
    private static final MethodHandle SYSCALL_ATTRIBUTES = variadic("syscall", 1, L_LLPL);
    private static final MethodHandle SYSCALL_PATH = variadic("syscall", 1, L_LLPPL);
    private static final MethodHandle SYSCALL_AT = variadic("syscall", 1, L_LLPLPL);
    private static final MethodHandle UMASK = handle("umask", I_I);
    private static final MethodHandle SYSCALL_SIGINFO = variadic("syscall", 1, L_LLLPL);
    private static final MethodHandle SYSCALL_FSCONFIG = variadic("syscall", 1, L_LLLPPL);
    private static final MethodHandle UMOUNT2 = handle("umount2", I_PI);
    private static final MethodHandle UNSHARE = handle("unshare", I_I);
    private static final MethodHandle WAITID = handle("waitid", I_IIPI);
    private static final MethodHandle WRITE = handle("write", L_IPL);

    private LibC() {}

    /** bpf(2), which has no wrapper in the C library. */
    static int bpf(Call call, int command, MemorySegment attributes) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_ATTRIBUTES.invokeExact(
                call.state(), (long) SYS_bpf, (long) command, attributes, attributes.byteSize()));
    }

    /** close(2). */
    static int close(Call call, int fd) {
        return Call.invoke(() -> (int) CLOSE.invokeExact(call.state(), fd));
    }

    /** dup3(2). */
    static int dup3(Call call, int from, int to, int flags) {
        return Call.invoke(() -> (int) DUP3.invokeExact(call.state(), from, to, flags));
    }

    /** fcntl(2). */
    static int fcntl(Call call, int fd, int command, int argument) {
        return Call.invoke(() -> (int) FCNTL.invokeExact(call.state(), fd, command, argument));
    }

    /** fcntl(2) with a {@link #FLOCK}. */
    static int fcntl(Call call, int fd, int command, MemorySegment lock) {
        return Call.invoke(() -> (int) FCNTL_LOCK.invokeExact(call.state(), fd, command, lock));
    }

    /** geteuid(2). */
    static int geteuid(Call call) {
        return Call.invoke(() -> (int) GETEUID.invokeExact(call.state()));
    }

    /** getpid(2). */
    static int getpid(Call call) {
        return Call.invoke(() -> (int) GETPID.invokeExact(call.state()));
    }

    /** getpriority(2). */
    static int getpriority(Call call, int which, int who) {
        return Call.invoke(() -> (int) GETPRIORITY.invokeExact(call.state(), which, who));
    }

    /** gettid(2). */
    static int gettid(Call call) {
        return Call.invoke(() -> (int) GETTID.invokeExact(call.state()));
    }

    /** kill(2). */
    static int kill(Call call, int pid, int signal) {
        return Call.invoke(() -> (int) KILL.invokeExact(call.state(), pid, signal));
    }

    /** lchown(2). */
    static int lchown(Call call, MemorySegment path, int uid, int gid) {
        return Call.invoke(() -> (int) LCHOWN.invokeExact(call.state(), path, uid, gid));
    }

    /** lseek(2). */
    static long lseek(Call call, int fd, long offset, int whence) {
        return Call.invoke(() -> (long) LSEEK.invokeExact(call.state(), fd, offset, whence));
    }

    /** memfd_create(2). */
    static int memfd_create(Call call, MemorySegment name, int flags) {
        return Call.invoke(() -> (int) MEMFD_CREATE.invokeExact(call.state(), name, flags));
    }

    /** mknod(2). */
    static int mknod(Call call, MemorySegment path, int mode, long device) {
        return Call.invoke(() -> (int) MKNOD.invokeExact(call.state(), path, mode, device));
    }

    /** mount(2). */
    static int mount(
            Call call, MemorySegment source, MemorySegment target, MemorySegment type, long flags, MemorySegment data) {
        return Call.invoke(() -> (int) MOUNT.invokeExact(call.state(), source, target, type, flags, data));
    }

    /** mount_setattr(2); the wrapper came with glibc 2.36. */
    static int mount_setattr(Call call, int directory, MemorySegment path, int flags, MemorySegment attributes) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_AT.invokeExact(
                call.state(),
                (long) SYS_mount_setattr,
                (long) directory,
                path,
                (long) flags,
                attributes,
                attributes.byteSize()));
    }

    /** open(2). */
    static int open(Call call, MemorySegment path, int flags, int mode) {
        return Call.invoke(() -> (int) OPEN.invokeExact(call.state(), path, flags, mode));
    }

    /** openat2(2), which has no wrapper in the C library. */
    static int openat2(Call call, int directory, MemorySegment path, MemorySegment how) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_PATH.invokeExact(
                call.state(), (long) SYS_openat2, (long) directory, path, how, how.byteSize()));
    }

    /** fspick(2), Linux 5.2, which has no wrapper before glibc 2.36. */
    static int fspick(Call call, MemorySegment path, int flags) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_PATH.invokeExact(
                call.state(), (long) SYS_fspick, (long) AT_FDCWD, path, MemorySegment.ofAddress(flags), 0L));
    }

    /** fsconfig(2), Linux 5.2, which has no wrapper before glibc 2.36. */
    static int fsconfig(Call call, int fd, int command, MemorySegment key, MemorySegment value) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_FSCONFIG.invokeExact(
                call.state(), (long) SYS_fsconfig, (long) fd, (long) command, key, value, 0L));
    }

    /** pidfd_getfd(2); the wrapper came with glibc 2.36. */
    static int pidfd_getfd(Call call, int pidfd, int fd) {
        return syscall(call, SYS_pidfd_getfd, pidfd, fd, 0);
    }

    /** pidfd_open(2); the wrapper came with glibc 2.36. */
    static int pidfd_open(Call call, int pid) {
        return syscall(call, SYS_pidfd_open, pid, 0, 0);
    }

    /** pidfd_send_signal(2) without a siginfo_t; the wrapper came with glibc 2.36. */
    static int pidfd_send_signal(Call call, int pidfd, int signal) {
        return syscall(call, SYS_pidfd_send_signal, pidfd, signal, 0);
    }

    /** The same with a siginfo_t. */
    static int pidfd_send_signal(Call call, int pidfd, int signal, MemorySegment siginfo) {
        return (int) (long) Call.<Long>invoke(() -> (long) SYSCALL_SIGINFO.invokeExact(
                call.state(), (long) SYS_pidfd_send_signal, (long) pidfd, (long) signal, siginfo, 0L));
    }

    /** pipe2(2). */
    static int pipe2(Call call, MemorySegment ends, int flags) {
        return Call.invoke(() -> (int) PIPE2.invokeExact(call.state(), ends, flags));
    }

    /** poll(2). */
    static int poll(Call call, MemorySegment fds, long count, int timeoutMillis) {
        return Call.invoke(() -> (int) POLL.invokeExact(call.state(), fds, count, timeoutMillis));
    }

    /** read(2). */
    static long read(Call call, int fd, MemorySegment buffer, long count) {
        return Call.invoke(() -> (long) READ.invokeExact(call.state(), fd, buffer, count));
    }

    /** setns(2). */
    static int setns(Call call, int fd, int flags) {
        return Call.invoke(() -> (int) SETNS.invokeExact(call.state(), fd, flags));
    }

    /** statfs(2). */
    static int statfs(Call call, MemorySegment path, MemorySegment buffer) {
        return Call.invoke(() -> (int) STATFS_.invokeExact(call.state(), path, buffer));
    }

    /** umask(2). */
    static int umask(Call call, int mask) {
        return Call.invoke(() -> (int) UMASK.invokeExact(call.state(), mask));
    }

    /** umount2(2). */
    static int umount2(Call call, MemorySegment target, int flags) {
        return Call.invoke(() -> (int) UMOUNT2.invokeExact(call.state(), target, flags));
    }

    /** unshare(2). */
    static int unshare(Call call, int flags) {
        return Call.invoke(() -> (int) UNSHARE.invokeExact(call.state(), flags));
    }

    /** waitid(2). */
    static int waitid(Call call, int idType, int id, MemorySegment siginfo, int options) {
        return Call.invoke(() -> (int) WAITID.invokeExact(call.state(), idType, id, siginfo, options));
    }

    /** write(2). */
    static long write(Call call, int fd, MemorySegment buffer, long count) {
        return Call.invoke(() -> (long) WRITE.invokeExact(call.state(), fd, buffer, count));
    }

    /** syscall(2); the kernel takes three arguments and a fourth that is zero. */
    private static int syscall(Call call, long number, long first, long second, long third) {
        return (int) (long)
                Call.<Long>invoke(() -> (long) SYSCALL.invokeExact(call.state(), number, first, second, third, 0L));
    }
}
