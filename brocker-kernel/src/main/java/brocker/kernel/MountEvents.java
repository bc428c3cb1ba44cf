package brocker.kernel;

import java.time.Duration;

/**
 * Tells whether anything was mounted, unmounted or remounted in this process's mount namespace, see {@code proc_pid_mounts(5)}. Belongs
 * to one thread at a time.
 */
public final class MountEvents implements AutoCloseable {
    private final Fd mounts;

    private MountEvents(Fd mounts) {
        this.mounts = mounts;
    }

    /** Begins to watch, in the namespace of the process's first thread, whatever the calling thread is in. */
    public static MountEvents watch() {
        return new MountEvents(Linux.open("/proc/self/mountinfo", Linux.O_RDONLY, 0));
    }

    /** Whether something has changed since the last time this was asked, or since the beginning. Does not block. */
    public boolean occurred() {
        return (Linux.poll(mounts, Linux.POLLPRI, Duration.ZERO) & Linux.POLLPRI) != 0;
    }

    /** A second call does nothing. */
    @Override
    public void close() {
        mounts.close();
    }
}
