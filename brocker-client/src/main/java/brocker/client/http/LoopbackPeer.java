package brocker.client.http;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The other end of a connection over loopback. Any user may listen at a port that is free, so once there is a connection, and before
 * anything is sent over it, the kernel is asked whose it is ({@code proc_net(5)}):
 *
 * <ul>
 *   <li>The server's end of the connection is a row of its own, which has its owner as soon as the server has accepted it.
 *   <li>Until then it waits at a listener, whose owner counts. A listener that closes resets what waits at it, so one that is seen after
 *       the connection was made, and before the connection is seen, is the one that it waits at. Tables list listeners first.
 * </ul>
 */
final class LoopbackPeer {
    private static final String TABLE = "/proc/net/tcp";
    private static final String TABLE_6 = "/proc/net/tcp6";

    /** How long a server is waited for whose queue is full, so that its kernel has not taken the connection yet. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final long LONGEST_PAUSE = 50;
    private static final long ROOT = 0;

    private final InetAddress address;
    private final int port;
    private final int clientPort;
    private final List<Connection> connections = new ArrayList<>();

    /**
     * The connection as one of the tables writes it.
     *
     * @param anyAddress the local end of a listener at every address
     */
    private record Connection(String client, String server, String anyAddress) {}

    LoopbackPeer(InetAddress address, int port, InetAddress clientAddress, int clientPort) {
        this.address = address;
        this.port = port;
        this.clientPort = clientPort;
        byte[] server = address.getAddress();
        byte[] client = clientAddress.getAddress();
        add(client, server);
        if (server.length == 4 && client.length == 4) {
            add(mapped(client), mapped(server));
        }
    }

    static LoopbackPeer of(Socket socket) {
        return new LoopbackPeer(
                socket.getInetAddress(), socket.getPort(), socket.getLocalAddress(), socket.getLocalPort());
    }

    /**
     * Returns if the server is root's, or the user's whose process this is.
     *
     * @throws UnsafeServer otherwise, also when the kernel does not say whose it is
     */
    void requireTrusted() throws IOException {
        long started = System.nanoTime();
        for (long pause = 1; !isTrusted(); pause = Math.min(LONGEST_PAUSE, 2 * pause)) {
            if (System.nanoTime() - started > PATIENCE_NANOS) {
                throw UnsafeServer.unknown(this);
            }
            sleep(pause);
        }
    }

    /** Most servers of both versions are in one table with us, and the kernel takes a millisecond for each. */
    private boolean isTrusted() throws IOException {
        String table6 = read(TABLE_6);
        return isTrusted("", table6) || isTrusted(read(TABLE), table6);
    }

    /**
     * What the tables say: whether they show the server to be trusted. False as long as they do not show it.
     *
     * @throws UnsafeServer when they show it to be another user's
     */
    boolean isTrusted(String table, String table6) throws UnsafeServer {
        List<SocketRow> rows = new ArrayList<>(SocketRow.of(table, port, clientPort));
        rows.addAll(SocketRow.of(table6, port, clientPort));
        for (SocketRow client : rows) {
            for (Connection connection : connections) {
                if (client.connects(connection.client, connection.server)) {
                    return isTrusted(rows, client.uid());
                }
            }
        }
        return false;
    }

    /** {@code port 3000 at 127.0.0.1}. */
    @Override
    public String toString() {
        return "port " + port + " at " + address.getHostAddress();
    }

    private boolean isTrusted(List<SocketRow> rows, long user) throws UnsafeServer {
        for (SocketRow server : rows) {
            for (Connection connection : connections) {
                if (server.connects(connection.server, connection.client) && !server.isBeginning()) {
                    return server.isAccepted() ? isTrusted(server, user) : hasTrustedListener(rows, connection, user);
                }
            }
        }
        return false;
    }

    /** One at this very address takes connections before one at every address. */
    private boolean hasTrustedListener(List<SocketRow> rows, Connection connection, long user) throws UnsafeServer {
        return isListenerTrusted(rows, connection.server, user) || isListenerTrusted(rows, connection.anyAddress, user);
    }

    private boolean isListenerTrusted(List<SocketRow> rows, String local, long user) throws UnsafeServer {
        boolean trusted = false;
        for (SocketRow row : rows) {
            trusted |= row.listens(local) && isTrusted(row, user);
        }
        return trusted;
    }

    private boolean isTrusted(SocketRow row, long user) throws UnsafeServer {
        if (row.uid() != ROOT && row.uid() != user) {
            throw UnsafeServer.ofUser(this, row.uid());
        }
        return true;
    }

    private void add(byte[] client, byte[] server) {
        connections.add(new Connection(
                SocketRow.end(client, clientPort),
                SocketRow.end(server, port),
                SocketRow.end(new byte[server.length], port)));
    }

    /** How a socket of both versions sees an address of IPv4 (RFC 4291, 2.5.5.2). */
    private static byte[] mapped(byte[] four) {
        byte[] six = new byte[16];
        six[10] = -1;
        six[11] = -1;
        System.arraycopy(four, 0, six, 12, 4);
        return six;
    }

    private static String read(String table) throws IOException {
        try (InputStream in = new FileInputStream(table)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (FileNotFoundException e) {
            // A kernel without IPv6, or a system that shows no sockets: then none is seen.
            return "";
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a server was looked for", e);
        }
    }
}
