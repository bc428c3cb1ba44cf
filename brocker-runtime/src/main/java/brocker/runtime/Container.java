package brocker.runtime;

import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.ProcessIdentity;
import brocker.spec.Signal;
import java.util.concurrent.CompletableFuture;

/** A container that has a PID 1. Thread-safe. */
public interface Container extends AutoCloseable {
    /** Its PID 1, seen from the host. */
    ProcessIdentity init();

    /** Completes when PID 1 has ended, on a thread that is not to be held up. */
    CompletableFuture<Exit> exit();

    /**
     * Sends a signal to the container's command, through its init process. SIGKILL ends the whole container.
     *
     * @return false when it has ended already, or this is closed because it has
     */
    boolean signal(Signal signal);

    /**
     * Takes back a socket that its command was handed, see {@code pidfd_getfd(2)}.
     *
     * @param index from 0, in the order in which they were handed over
     * @return a duplicate, the caller's
     */
    Fd socket(int index);

    /** Gives back what is held of it. */
    @Override
    void close();
}
