package brocker.kernel;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open descriptor that has one owner, who closes it.
 *
 * <p>Every {@code Fd} is close-on-exec and numbered {@value #LOWEST} or more, so that no descriptor of this process is in the
 * way of the numbers that a spawned program is promised. {@link #close} may be called from any thread, but not while
 * another thread is inside a call on this descriptor: the kernel may give the number to the next open.
 */
public final class Fd implements AutoCloseable {
    /** The lowest number an {@code Fd} has; spawn targets lie below it. */
    public static final int LOWEST = 64;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(int number) {
        this.number = number;
    }

    /**
     * Takes ownership of a raw descriptor and makes it close-on-exec; one below {@value #LOWEST} is moved and its old number
     * closed, also where the move fails. See F_DUPFD_CLOEXEC in fcntl(2).
     */
    public static Fd adopt(int number) {
        try (Call call = new Call()) {
            if (number >= LOWEST) {
                call.check(LibC.fcntl(call, number, LibC.F_SETFD, LibC.FD_CLOEXEC), "fcntl", number);
                return new Fd(number);
            }
            int moved = LibC.fcntl(call, number, LibC.F_DUPFD_CLOEXEC, LOWEST);
            KernelException failure = moved < 0 ? call.failure("fcntl", number) : null;
            LibC.close(call, number);
            if (failure != null) {
                throw failure;
            }
            return new Fd(moved);
        }
    }

    /** Throws {@link IllegalStateException} after {@link #close}. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("fd " + number + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return !closed.get();
    }

    /** A second descriptor for the same open file description, owned by the caller. */
    public Fd duplicate() {
        try (Call call = new Call()) {
            return new Fd(
                    call.check(LibC.fcntl(call, number(), LibC.F_DUPFD_CLOEXEC, LOWEST), "fcntl", "fd " + number));
        }
    }

    /**
     * close(2), once; a second call does nothing. An error is not reported: Linux has released the number whatever the
     * call returns, and what a late write error means to a file is asked by fsync(2), not here.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try (Call call = new Call()) {
                LibC.close(call, number);
            }
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
