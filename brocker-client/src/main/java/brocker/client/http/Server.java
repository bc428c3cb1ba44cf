package brocker.client.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/**
 * Where requests go.
 *
 * @param tls whether the connection is encrypted
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param caFile the certificates to trust, PEM; empty for those of the Java runtime
 */
public record Server(boolean tls, String host, int port, String caFile) {
    private static final int CONNECT_MILLIS = 10_000;

    /** One whose certificate the Java runtime trusts, where it needs one. */
    public Server(boolean tls, String host, int port) {
        this(tls, host, port, "");
    }

    /**
     * A new connection, which the caller closes. Each address of the host is tried in turn, for ten seconds at most.
     *
     * @throws java.net.UnknownHostException when the host has no address
     * @throws IOException the failure at the last address when there is no connection to any
     */
    public Socket connect() throws IOException {
        return connect(InetAddress.getAllByName(host));
    }

    Socket connect(InetAddress[] addresses) throws IOException {
        for (int i = 0; ; i++) {
            try {
                Socket socket = connect(addresses[i]);
                return tls ? Tls.over(socket, this) : socket;
            } catch (IOException e) {
                if (i == addresses.length - 1) {
                    throw e;
                }
            }
        }
    }

    /** {@code host:port}, as the header {@code Host} has it (RFC 9110, 7.2). */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** {@link Proxy#NO_PROXY}: a socket without it asks the system's proxy selector. */
    private Socket connect(InetAddress address) throws IOException {
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
