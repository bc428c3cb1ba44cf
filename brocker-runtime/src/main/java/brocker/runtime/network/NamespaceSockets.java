package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.NamespaceVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens sockets inside a container's network namespace, so that a connection of Brocker's to a container can never leave the host. A
 * socket belongs to the namespace it was made in and may be used from any thread afterwards. Thread-safe.
 */
public final class NamespaceSockets implements AutoCloseable {
    private final NamespaceVisitor visitor;
    private final Fd namespace;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Keeps hold of the namespace.
     *
     * @param visitor the caller's
     * @param namespace the caller's; not needed after the return
     */
    public NamespaceSockets(NamespaceVisitor visitor, Fd namespace) {
        this.visitor = visitor;
        this.namespace = namespace.duplicate();
    }

    /** A socket that is not connected yet; the caller closes it. */
    public SocketChannel open() throws IOException {
        // The descriptor is not closed, and its number not another's, while it is used.
        lock.lock();
        try {
            if (!namespace.isOpen()) {
                throw new IOException("the container has left its network");
            }
            return visitor.call(namespace, SocketChannel::open);
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
            namespace.close();
        } finally {
            lock.unlock();
        }
    }
}
