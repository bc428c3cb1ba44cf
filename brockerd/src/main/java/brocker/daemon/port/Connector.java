package brocker.daemon.port;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Opens sockets in another network namespace. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * An unconnected socket, the caller's.
     *
     * @throws IOException when none can be made, for a reason that lies with us
     */
    SocketChannel open() throws IOException;

    @Override
    void close();
}
