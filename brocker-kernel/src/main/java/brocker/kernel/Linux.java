package brocker.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * System calls under their C names and with the C headers' constants; a failure is a {@link KernelException}.
 *
 * <p>A call that may block pins the carrier of a virtual thread: {@link #read}, {@link #writeFully} and {@link #poll} belong on
 * platform threads. Namespace calls belong in {@link InNamespaces}.
 */
public final class Linux {
    // clone(2), namespaces(7)
    public static final int CLONE_NEWNS = 0x00020000;
    public static final int CLONE_NEWCGROUP = 0x02000000;
    public static final int CLONE_NEWUTS = 0x04000000;
    public static final int CLONE_NEWIPC = 0x08000000;
    public static final int CLONE_NEWUSER = 0x10000000;
    public static final int CLONE_NEWPID = 0x20000000;
    public static final int CLONE_NEWNET = 0x40000000;

    // mount(2)
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_NOATIME = 1024;
    public static final long MS_NODIRATIME = 2048;
    public static final long MS_BIND = 4096;
    public static final long MS_MOVE = 8192;
    public static final long MS_REC = 16384;
    public static final long MS_UNBINDABLE = 1 << 17;
    public static final long MS_PRIVATE = 1 << 18;
    public static final long MS_SLAVE = 1 << 19;
    public static final long MS_SHARED = 1 << 20;
    public static final long MS_RELATIME = 1 << 21;
    public static final long MS_STRICTATIME = 1 << 24;

    // umount(2)
    public static final int MNT_FORCE = 1;
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    // open(2); O_CLOEXEC is always set
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_NOCTTY = 0400;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_DIRECTORY = LibC.AARCH64 ? 040000 : 0200000;
    public static final int O_NOFOLLOW = LibC.AARCH64 ? 0100000 : 0400000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;

    // openat2(2)
    public static final long RESOLVE_NO_XDEV = 0x01;
    public static final long RESOLVE_NO_MAGICLINKS = 0x02;
    public static final long RESOLVE_NO_SYMLINKS = 0x04;
    public static final long RESOLVE_BENEATH = 0x08;
    public static final long RESOLVE_IN_ROOT = 0x10;

    // inode(7)
    public static final int S_IFCHR = 0020000;

    // memfd_create(2)
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    /** Linux 6.3. */
    public static final int MFD_EXEC = 0x10;

    // statfs(2), linux/magic.h
    public static final long CGROUP_SUPER_MAGIC = 0x27e0eb;
    public static final long CGROUP2_SUPER_MAGIC = 0x63677270;
    public static final long TMPFS_MAGIC = 0x01021994;
    public static final long PROC_SUPER_MAGIC = 0x9fa0;
    public static final long SYSFS_MAGIC = 0x62656572;
    public static final long NSFS_MAGIC = 0x6e736673;
    public static final long OVERLAYFS_SUPER_MAGIC = 0x794c7630;

    // signal(7)
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGUSR2 = 12;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGWINCH = 28;

    // poll(2)
    public static final int POLLIN = 1;
    public static final int POLLPRI = 2;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;
    public static final int POLLNVAL = 32;

    // capabilities(7): bit numbers in effective_capabilities
    public static final int CAP_CHOWN = 0;
    public static final int CAP_DAC_OVERRIDE = 1;
    public static final int CAP_KILL = 5;
    public static final int CAP_SETGID = 6;
    public static final int CAP_SETUID = 7;
    public static final int CAP_SETPCAP = 8;
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_SYS_CHROOT = 18;
    public static final int CAP_SYS_PTRACE = 19;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_SYS_NICE = 23;
    public static final int CAP_SYS_RESOURCE = 24;
    public static final int CAP_MKNOD = 27;

    private static final int CHUNK = 64 * 1024;

    private Linux() {}

    /** unshare(2), for the calling thread; only inside {@link InNamespaces}. */
    public static void unshare(int flags) {
        try (Call call = new Call()) {
            call.check(LibC.unshare(call, flags), "unshare", "0x" + Integer.toHexString(flags));
        }
    }

    /** setns(2), for the calling thread; only inside {@link InNamespaces}. A pidfd takes several flags at once (Linux 5.8). */
    public static void setns(Fd namespace, int flags) {
        try (Call call = new Call()) {
            call.check(LibC.setns(call, namespace.number(), flags), "setns", namespace);
        }
    }

    /** mount(2); an empty source, type or data is the null pointer. */
    public static void mount(String source, String target, String type, long flags, String data) {
        try (Call call = new Call()) {
            int result = LibC.mount(
                    call,
                    call.stringOrNull(source),
                    call.string(target),
                    call.stringOrNull(type),
                    flags,
                    call.stringOrNull(data));
            call.check(result, "mount", target);
        }
    }

    /**
     * mount_setattr(2), Linux 5.12, for what is mounted at a path and below it: MS_RDONLY, MS_NOSUID, MS_NODEV and MS_NOEXEC, which have
     * the numbers of MOUNT_ATTR_*, are added. All mounts take them, or none does.
     */
    static void mount_setattr(String path, long added) {
        try (Call call = new Call()) {
            MemorySegment attributes = call.arena().allocate(LibC.MOUNT_ATTR);
            attributes.setAtIndex(ValueLayout.JAVA_LONG, 0, added);
            int result = LibC.mount_setattr(call, LibC.AT_FDCWD, call.string(path), LibC.AT_RECURSIVE, attributes);
            call.check(result, "mount_setattr", path);
        }
    }

    /**
     * mknod(2), with numbers below 256. {@code mode} is one of the S_IF constants and the permissions, of which the umask takes its
     * part.
     */
    public static void mknod(String path, int mode, int major, int minor) {
        try (Call call = new Call()) {
            call.check(LibC.mknod(call, call.string(path), mode, (long) major << 8 | minor), "mknod", path);
        }
    }

    /** lchown(2): of a symbolic link, not of what it points to. */
    public static void lchown(String path, int uid, int gid) {
        try (Call call = new Call()) {
            call.check(LibC.lchown(call, call.string(path), uid, gid), "lchown", path);
        }
    }

    /** umount2(2). */
    public static void umount2(String target, int flags) {
        try (Call call = new Call()) {
            call.check(LibC.umount2(call, call.string(target), flags), "umount2", target);
        }
    }

    /**
     * Sets an option of a mounted file system, such as {@code size} of a tmpfs, in any mount namespace; fspick(2) and fsconfig(2), Linux
     * 5.2. A symbolic link at the end of the path is not followed.
     */
    public static void reconfigure(String mountPoint, String option, String value) {
        try (Call call = new Call()) {
            int flags = LibC.FSPICK_CLOEXEC | LibC.FSPICK_SYMLINK_NOFOLLOW;
            int picked = call.check(LibC.fspick(call, call.string(mountPoint), flags), "fspick", mountPoint);
            try (Fd fd = Fd.adopt(picked)) {
                int set = LibC.fsconfig(
                        call, fd.number(), LibC.FSCONFIG_SET_STRING, call.string(option), call.string(value));
                call.check(set, "fsconfig", option);
                int done = LibC.fsconfig(
                        call, fd.number(), LibC.FSCONFIG_CMD_RECONFIGURE, MemorySegment.NULL, MemorySegment.NULL);
                call.check(done, "fsconfig", mountPoint);
            }
        }
    }

    /** open(2); O_CLOEXEC is added; the caller owns the descriptor. {@code mode} counts only with O_CREAT. */
    public static Fd open(String path, int flags, int mode) {
        try (Call call = new Call()) {
            int fd = LibC.open(call, call.string(path), flags | O_CLOEXEC, mode);
            return Fd.adopt(call.check(fd, "open", path));
        }
    }

    /** openat2(2), below {@code directory} under RESOLVE_ rules; O_CLOEXEC is added. No O_CREAT: there is no mode. */
    public static Fd openat2(Fd directory, String path, int flags, long resolve) {
        try (Call call = new Call()) {
            int fd = LibC.openat2(call, directory.number(), call.string(path), openHow(call, flags, 0, resolve));
            return Fd.adopt(call.check(fd, "openat2", path));
        }
    }

    static MemorySegment openHow(Call call, int flags, int mode, long resolve) {
        // struct open_how: flags, mode, resolve, each 64 bits
        MemorySegment how = call.arena().allocate(LibC.OPEN_HOW);
        how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags | O_CLOEXEC);
        how.setAtIndex(ValueLayout.JAVA_LONG, 1, mode);
        how.setAtIndex(ValueLayout.JAVA_LONG, 2, resolve);
        return how;
    }

    /** statx(2) of what a descriptor is open on. */
    public static FileStatus status(Fd file) {
        try (Call call = new Call()) {
            MemorySegment buffer = call.arena().allocate(LibCFile.STATX);
            int flags = LibCFile.AT_EMPTY_PATH;
            int result = LibCFile.statx(call, file.number(), call.string(""), flags, LibCFile.STATX_WANTED, buffer);
            call.check(result, "statx", file);
            // struct statx: stx_uid at 20, stx_gid 24, stx_mode 28, stx_ino 32, stx_size 40, stx_dev_major 136
            long major = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, 136));
            long minor = Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, 140));
            return new FileStatus(
                    Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, 28)),
                    buffer.get(ValueLayout.JAVA_INT, 20),
                    buffer.get(ValueLayout.JAVA_INT, 24),
                    major << 32 | minor,
                    buffer.get(ValueLayout.JAVA_LONG, 32),
                    buffer.get(ValueLayout.JAVA_LONG, 40));
        }
    }

    /** fchown(2). */
    public static void fchown(Fd file, int uid, int gid) {
        try (Call call = new Call()) {
            call.check(LibCFile.fchown(call, file.number(), uid, gid), "fchown", file);
        }
    }

    /** fchmod(2): the permission bits of inode(7), whatever the umask. */
    public static void fchmod(Fd file, int mode) {
        try (Call call = new Call()) {
            call.check(LibCFile.fchmod(call, file.number(), mode), "fchmod", file);
        }
    }

    /** setpriority(2) of the calling thread: 0 is usual, 19 yields the processors to everybody else. */
    public static void setpriority(int priority) {
        try (Call call = new Call()) {
            call.check(LibCFile.setpriority(call, 0, 0, priority), "setpriority", priority);
        }
    }

    /** memfd_create(2); MFD_CLOEXEC is added. */
    public static Fd memfd_create(String name, int flags) {
        try (Call call = new Call()) {
            int fd = LibC.memfd_create(call, call.string(name), flags | MFD_CLOEXEC);
            return Fd.adopt(call.check(fd, "memfd_create", name));
        }
    }

    /** pipe2(2) with O_CLOEXEC; the caller owns both ends. */
    public static Pipe pipe2() {
        try (Call call = new Call()) {
            MemorySegment ends = call.arena().allocate(ValueLayout.JAVA_INT, 2);
            call.check(LibC.pipe2(call, ends, O_CLOEXEC), "pipe2", "");
            int write = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
            Fd read;
            try {
                read = Fd.adopt(ends.getAtIndex(ValueLayout.JAVA_INT, 0));
            } catch (KernelException e) {
                LibC.close(call, write);
                throw e;
            }
            try {
                return new Pipe(read, Fd.adopt(write));
            } catch (KernelException e) {
                read.close();
                throw e;
            }
        }
    }

    /** pidfd_open(2), Linux 5.3. {@code pid} must be known not to be reaped yet, or its identity checked afterwards. */
    public static Fd pidfd_open(int pid) {
        try (Call call = new Call()) {
            return Fd.adopt(call.check(LibC.pidfd_open(call, pid), "pidfd_open", pid));
        }
    }

    /** pidfd_send_signal(2), Linux 5.1; ESRCH where the process has ended and was reaped. */
    public static void pidfd_send_signal(Fd pidfd, int signal) {
        try (Call call = new Call()) {
            call.check(LibC.pidfd_send_signal(call, pidfd.number(), signal), "pidfd_send_signal", signal);
        }
    }

    /** pidfd_send_signal(2) of a signal with a value, like sigqueue(3), but with 0 as the sender. */
    public static void pidfd_queue_signal(Fd pidfd, int signal, int value) {
        try (Call call = new Call()) {
            MemorySegment siginfo = call.arena().allocate(LibC.SIGINFO);
            siginfo.set(ValueLayout.JAVA_INT, 0, signal);
            siginfo.set(ValueLayout.JAVA_INT, 8, LibC.SI_QUEUE);
            siginfo.set(ValueLayout.JAVA_INT, 24, value);
            call.check(LibC.pidfd_send_signal(call, pidfd.number(), signal, siginfo), "pidfd_send_signal", signal);
        }
    }

    /** pidfd_getfd(2), Linux 5.6: a copy of the other process's descriptor {@code fd}, owned by the caller. Needs ptrace rights. */
    public static Fd pidfd_getfd(Fd pidfd, int fd) {
        try (Call call = new Call()) {
            return Fd.adopt(call.check(LibC.pidfd_getfd(call, pidfd.number(), fd), "pidfd_getfd", fd));
        }
    }

    /** kill(2); signal 0 only asks whether the process is there. */
    public static void kill(int pid, int signal) {
        try (Call call = new Call()) {
            call.check(LibC.kill(call, pid, signal), "kill", pid);
        }
    }

    /**
     * read(2), again after EINTR: the number of bytes, 0 at the end of the file (or when {@code length} is 0). At most 64 KiB
     * a call.
     */
    public static int read(Fd fd, byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        try (Call call = new Call()) {
            int chunk = Math.min(length, CHUNK);
            MemorySegment memory = call.arena().allocate(chunk);
            long count;
            do {
                count = LibC.read(call, fd.number(), memory, chunk);
            } while (count < 0 && call.errno().equals(Errno.EINTR));
            call.check(count, "read", fd);
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, buffer, offset, (int) count);
            return (int) count;
        }
    }

    /** write(2) until everything is written, again after EINTR. A failure may have written a part. */
    public static void writeFully(Fd fd, byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        try (Call call = new Call()) {
            MemorySegment memory = call.arena().allocate(Math.min(length, CHUNK));
            int done = 0;
            while (done < length) {
                int chunk = Math.min(length - done, CHUNK);
                MemorySegment.copy(buffer, offset + done, memory, ValueLayout.JAVA_BYTE, 0, chunk);
                long count = LibC.write(call, fd.number(), memory, chunk);
                if (count < 0 && !call.errno().equals(Errno.EINTR)) {
                    throw call.failure("write", fd);
                }
                done += (int) Math.max(count, 0);
            }
        }
    }

    /** poll(2) of one descriptor, again after EINTR: the POLL bits that are true, 0 after {@code timeout}. */
    public static int poll(Fd fd, int events, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try (Call call = new Call()) {
            // struct pollfd: int fd, short events, short revents
            MemorySegment pollfd = call.arena().allocate(LibC.POLLFD);
            pollfd.set(ValueLayout.JAVA_INT, 0, fd.number());
            pollfd.set(ValueLayout.JAVA_SHORT, 4, (short) events);
            int ready;
            do {
                long left = Math.max(0, end - System.nanoTime());
                int millis = (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
                ready = LibC.poll(call, pollfd, 1, millis);
            } while (ready < 0 && call.errno().equals(Errno.EINTR));
            call.check(ready, "poll", fd);
            return pollfd.get(ValueLayout.JAVA_SHORT, 6);
        }
    }

    /** The number that says which file system {@code path} lies on, such as {@link #CGROUP2_SUPER_MAGIC}; statfs(2). */
    public static long statfs_type(String path) {
        try (Call call = new Call()) {
            MemorySegment statfs = call.arena().allocate(LibC.STATFS);
            call.check(LibC.statfs(call, call.string(path), statfs), "statfs", path);
            return statfs.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** getpriority(2): the niceness of the calling thread, -20 to 19. */
    public static int getpriority() {
        try (Call call = new Call()) {
            // -1 is a niceness; the calling thread itself is always found.
            return LibC.getpriority(call, LibC.PRIO_PROCESS, 0);
        }
    }

    /** umask(2), of the whole process: gives the one of before. */
    public static int umask(int mask) {
        try (Call call = new Call()) {
            return LibC.umask(call, mask);
        }
    }

    /** geteuid(2). */
    public static int geteuid() {
        try (Call call = new Call()) {
            return LibC.geteuid(call);
        }
    }

    /** getpid(2). */
    public static int getpid() {
        try (Call call = new Call()) {
            return LibC.getpid(call);
        }
    }

    /** gettid(2), of the carrier where the caller is a virtual thread. */
    public static int gettid() {
        try (Call call = new Call()) {
            return LibC.gettid(call);
        }
    }

    /** The calling thread's effective set, bit {@code CAP_X} for each; CapEff in proc_pid_status(5). */
    public static long effective_capabilities() {
        try {
            // A thread's name is cut by bytes.
            return Files.readAllLines(Path.of("/proc/thread-self/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no CapEff in /proc/thread-self/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
