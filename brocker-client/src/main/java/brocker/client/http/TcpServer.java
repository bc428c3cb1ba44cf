package brocker.client.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/**
 * A port of a host. Without TLS only one of this machine's own loopback addresses, whose listener is root's or the user's own.
 *
 * @param tls whether the connection is encrypted
 * @param name a name, an IPv4 address, or an IPv6 address in brackets
 * @param caFile the certificates to trust, PEM; empty for those of the Java runtime
 */
public record TcpServer(boolean tls, String name, int port, String caFile) implements Server {
    private static final int CONNECT_MILLIS = 10_000;

    /** One whose certificate the Java runtime trusts, where it needs one. */
    public TcpServer(boolean tls, String name, int port) {
        this(tls, name, port, "");
    }

    /**
     * A new connection. Each address of the host is tried in turn, for ten seconds at most.
     *
     * @throws java.net.UnknownHostException when the host has no address
     * @throws IOException the failure at the last address when there is no connection to any
     */
    @Override
    public Link connect() throws IOException {
        Socket socket = connect(InetAddress.getAllByName(name));
        return new Link(socket.getInputStream(), socket.getOutputStream(), socket);
    }

    /** {@code name:port}. */
    @Override
    public String host() {
        return name + ":" + port;
    }

    Socket connect(InetAddress[] addresses) throws IOException {
        for (int i = 0; ; i++) {
            try {
                return connect(addresses[i]);
            } catch (UnsafeServer | UnencryptedRoute e) {
                throw e;
            } catch (IOException e) {
                if (i == addresses.length - 1) {
                    throw e;
                }
            }
        }
    }

    private Socket connect(InetAddress address) throws IOException {
        if (!tls && !address.isLoopbackAddress()) {
            throw new UnencryptedRoute(this);
        }
        Socket socket = open(address);
        if (tls) {
            return Tls.over(socket, this);
        }
        try {
            LoopbackPeer.of(socket).requireTrusted();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** {@link Proxy#NO_PROXY}: a socket without it asks the system's proxy selector. */
    private Socket open(InetAddress address) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            // A piece of input is sent when it comes.
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
