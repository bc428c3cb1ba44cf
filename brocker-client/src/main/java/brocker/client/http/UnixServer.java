package brocker.client.http;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A stream socket with a name in the file system, {@code unix(7)}. Its permissions say who may connect. */
public record UnixServer(String path) implements Server {
    /**
     * A new connection.
     *
     * @throws ConnectException when nothing listens there
     * @throws ConnectionDenied when this user may not connect
     */
    @Override
    public Link connect() throws IOException {
        try {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return new Link(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
        } catch (BindException _) {
            // What the JDK makes of EACCES.
            throw new ConnectionDenied(path);
        } catch (IOException e) {
            throw new File(path).exists() ? e : new ConnectException("nothing listens at \"" + path + "\"");
        }
    }

    @Override
    public String host() {
        return "localhost";
    }
}
