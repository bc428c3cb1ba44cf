package brocker.client.http;

import java.io.IOException;

/** A stream socket with a name in the file system, {@code unix(7)}. Its permissions say who may connect. */
public record UnixServer(String path) implements Server {
    /**
     * A new connection.
     *
     * @throws java.net.ConnectException when nothing listens there
     * @throws ConnectionDenied when this user may not connect
     */
    @Override
    public Link connect() throws IOException {
        return UnixSocket.connect(path);
    }

    @Override
    public String host() {
        return "localhost";
    }
}
