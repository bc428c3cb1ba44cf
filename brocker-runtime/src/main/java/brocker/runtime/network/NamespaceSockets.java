package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.kernel.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens sockets inside a container's network namespace, so that a connection of Brocker's to a container can never leave the host. A
 * socket belongs to the namespace it was made in and may be used from any thread afterwards.
 *
 * <p>Each is opened on a thread of its own, which ends before anybody is told. A thread that stayed in the namespace and handed sockets
 * to virtual threads would now and then start a carrier for them, and a thread is born in the namespaces of the one that starts it.
 */
public final class NamespaceSockets implements AutoCloseable {
    private final String threadName;
    private final Fd namespace;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private NamespaceSockets(String threadName, Fd namespace) {
        this.threadName = threadName;
        this.namespace = namespace;
    }

    /**
     * Keeps hold of the namespace.
     *
     * @param container a pidfd of a process in the namespace; not needed after the return
     */
    public static NamespaceSockets of(String threadName, Fd container) {
        return new NamespaceSockets(threadName, InNamespaces.call(threadName, () -> {
            Linux.setns(container, Linux.CLONE_NEWNET);
            return Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
        }));
    }

    /** A socket that is not connected yet; the caller closes it. */
    public SocketChannel open() throws IOException {
        // The descriptor is not closed, and its number not another's, while it is used.
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the container has left its network");
            }
            return InNamespaces.call(threadName, () -> {
                Linux.setns(namespace, Linux.CLONE_NEWNET);
                return SocketChannel.open();
            });
        } catch (UncheckedIOException e) {
            throw new IOException("opening a socket in a container's network", e.getCause());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            namespace.close();
        } finally {
            lock.unlock();
        }
    }
}
