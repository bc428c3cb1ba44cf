package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.Linux;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Opens sockets inside a container's network namespace, so that a connection of Brocker's to a container can never leave the host. A
 * socket belongs to the namespace it was made in and may be used from any thread afterwards.
 */
public final class NamespaceSockets implements AutoCloseable {
    private final ExecutorService thread;

    private NamespaceSockets(ExecutorService thread) {
        this.thread = thread;
    }

    /**
     * Starts the platform thread that lives in the namespace.
     *
     * @param container a pidfd of a process in the namespace; not needed after the return
     */
    public static NamespaceSockets of(String threadName, Fd container) {
        ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(threadName).daemon().factory());
        NamespaceSockets sockets = new NamespaceSockets(thread);
        try {
            thread.submit(() -> Linux.setns(container, Linux.CLONE_NEWNET)).get();
            return sockets;
        } catch (ExecutionException e) {
            sockets.close();
            throw new IllegalStateException("entering a network namespace", e.getCause());
        } catch (InterruptedException e) {
            sockets.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while entering a network namespace", e);
        }
    }

    /** A socket that is not connected yet; the caller closes it. */
    public SocketChannel open() throws IOException {
        try {
            return thread.submit(() -> SocketChannel.open()).get();
        } catch (ExecutionException e) {
            throw new IOException("opening a socket in a container's network", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a socket was opened", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
