package brocker.daemon.port;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Opens sockets in another network namespace. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * Opens an unconnected socket, which belongs to the caller.
     *
     * @throws IOException if no socket can be opened, which says nothing about the other end
     */
    SocketChannel open() throws IOException;

    @Override
    void close();
}
