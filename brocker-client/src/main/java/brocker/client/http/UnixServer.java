package brocker.client.http;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A stream socket with a name in the file system, {@code unix(7)}. Whoever may write to it may connect. */
public record UnixServer(String path) implements Server {
    /**
     * A new connection.
     *
     * @throws java.net.ConnectException when nothing listens there any more, {@code BindException} when the user may not connect
     */
    @Override
    public Link connect() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        return new Link(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }

    @Override
    public String host() {
        return "localhost";
    }
}
