package brocker.kernel;

/** Files without a name, in memory. */
public final class Memfd {
    private Memfd() {}

    /**
     * A file with this content that nobody can change any more, not even through {@code /proc/PID/exe} (CVE-2019-5736), and
     * that may be executed. The caller owns it; its offset is at the start. {@code name} is seen in {@code /proc} only.
     *
     * <p>memfd_create(2) with MFD_EXEC where the kernel knows the flag (6.3), without it before; all of F_SEAL_SEAL,
     * F_SEAL_SHRINK, F_SEAL_GROW and F_SEAL_WRITE.
     */
    public static Fd sealed(String name, byte[] content) {
        Fd fd = executable(name);
        try (Call call = new Call()) {
            Linux.writeFully(fd, content, 0, content.length);
            call.check(LibC.lseek(call, fd.number(), 0, LibC.SEEK_SET), "lseek", name);
            call.check(LibC.fcntl(call, fd.number(), LibC.F_ADD_SEALS, LibC.F_SEAL_ALL), "fcntl", name);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    private static Fd executable(String name) {
        int flags = Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING;
        try {
            return Linux.memfd_create(name, flags | Linux.MFD_EXEC);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EINVAL)) {
                throw e;
            }
            return Linux.memfd_create(name, flags);
        }
    }
}
