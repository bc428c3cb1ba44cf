package brocker.kernel;

/** The kernel refused a call. The message is {@code mount("/x"): ENOENT (no such file or directory)}. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final Errno errno;

    /** {@code call} is the call with its object in quotes, for example {@code mount("/x")}. */
    public KernelException(String call, Errno errno) {
        super(call + ": " + errno);
        this.call = call;
        this.errno = errno;
    }

    /** {@code explanation} is what the kernel said beyond the number, for example netlink's extended acknowledgement. */
    public KernelException(String call, Errno errno, String explanation) {
        super(call + ": " + errno + ": " + explanation);
        this.call = call;
        this.errno = errno;
    }

    /** For example {@code mount("/x")}. */
    public String call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }
}
