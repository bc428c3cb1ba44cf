package brocker.client.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A connection to a server: what comes, what is sent, and the socket below, which it owns. */
record Link(InputStream in, OutputStream out, Closeable socket) implements Closeable {
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
