package brocker.runtime;

import brocker.kernel.Errno;
import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.ProcessIdentity;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.UserIds;
import brocker.spec.ContainerName;
import brocker.spec.Signal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A container that has a PID 1.
 *
 * @param init its PID 1, seen from the host
 * @param pidfd owned by this record
 * @param network its network namespace, which lives until this is closed; owned by this record
 * @param users what ids of the host are its own; none where it shares the host's
 * @param exit completes, on the watcher's thread, when PID 1 has ended
 */
public record RunningContainer(
        ContainerName name,
        ProcessIdentity init,
        Fd pidfd,
        Fd network,
        Optional<UserIds> users,
        CompletableFuture<Exit> exit)
        implements Container {
    @Override
    public boolean signal(Signal signal) {
        return send(() -> Linux.pidfd_send_signal(pidfd, signal.number()));
    }

    @Override
    public Fd socket(int index) {
        return Linux.pidfd_getfd(pidfd, InitProgram.FIRST_SOCKET + index);
    }

    /** Sends its init process a signal with a value, see {@code brocker-run/PROTOCOL.md}. */
    void queue(int signal, int value) {
        send(() -> Linux.pidfd_queue_signal(pidfd, signal, value));
    }

    private boolean send(Runnable call) {
        // Closed in between, the descriptor could be another container's by now.
        synchronized (pidfd) {
            if (!pidfd.isOpen()) {
                return false;
            }
            try {
                call.run();
                return true;
            } catch (KernelException e) {
                if (e.errno().equals(Errno.ESRCH)) {
                    return false;
                }
                throw e;
            }
        }
    }

    @Override
    public void close() {
        synchronized (pidfd) {
            pidfd.close();
        }
        network.close();
    }
}
