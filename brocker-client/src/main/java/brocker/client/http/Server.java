package brocker.client.http;

import java.io.IOException;

/** Where requests go. */
public sealed interface Server permits TcpServer, UnixServer {
    /**
     * A new connection, which the caller closes. Nothing has been sent over it that others may not read.
     *
     * @throws UnsafeServer when another user listens in the server's place
     * @throws UnencryptedRoute when it would lead to another machine without TLS
     * @throws IOException when there is no connection
     */
    Link connect() throws IOException;

    /**
     * Makes a connection and closes it.
     *
     * @throws IOException as {@link #connect} does
     */
    default void probe() throws IOException {
        connect().close();
    }

    /** What the header {@code Host} says (RFC 9110, 7.2). */
    String host();
}
