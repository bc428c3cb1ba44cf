package brocker.runtime;

import brocker.kernel.Errno;
import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import java.util.concurrent.CompletableFuture;

/**
 * A command that was executed in a running container, with this process at the other ends of its streams. Owns the descriptors.
 *
 * @param stdin write end
 * @param stdout read end
 * @param stderr read end
 * @param exit completes, on the watcher's thread, when the command has ended
 */
public record ExecSession(Fd pidfd, Fd stdin, Fd stdout, Fd stderr, CompletableFuture<Exit> exit)
        implements AutoCloseable {
    /** Ends the command if it still runs, and closes the streams. */
    @Override
    public void close() {
        try {
            if (!exit.isDone()) {
                Linux.pidfd_send_signal(pidfd, Linux.SIGKILL);
            }
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
        } finally {
            stdin.close();
            stdout.close();
            stderr.close();
            pidfd.close();
        }
    }
}
