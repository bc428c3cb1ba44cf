package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.kernel.Linux;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** A network namespace of a test, and what a program in it can do. */
record Station(Fd namespace) implements AutoCloseable {
    /** Long enough for an answer that comes at once, short enough to wait for one that never comes. */
    private static final int REFUSED = 300;

    /** Long enough for a neighbour that was asked for in vain shortly before to be asked for again. */
    private static final int ACCEPTED = 4000;

    static InetAddress ip(String address) {
        return InetAddress.ofLiteral(address);
    }

    <T> T call(Callable<T> body) {
        return InNamespaces.call("station", () -> {
            Linux.setns(namespace, Linux.CLONE_NEWNET);
            return body.call();
        });
    }

    /** Runs {@code ip} or another program in it, and gives what it prints. */
    String run(String... command) {
        return call(() -> {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
            return output;
        });
    }

    ServerSocketChannel listen(String address, int port) {
        return call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(ip(address), port)));
    }

    DatagramChannel datagrams(String address, int port) {
        return call(() -> DatagramChannel.open().bind(new InetSocketAddress(ip(address), port)));
    }

    /** A connection to a listening socket of a test, from an address of this station. */
    SocketChannel connect(String from, String to, int port) throws IOException {
        return connect(from, to, port, ACCEPTED);
    }

    boolean reaches(String from, String to, int port) {
        return answers(from, to, port, ACCEPTED);
    }

    /** Looks not quite as long as {@link #reaches}. */
    boolean isKeptFrom(String from, String to, int port) {
        return !answers(from, to, port, REFUSED);
    }

    private boolean answers(String from, String to, int port, int timeout) {
        try (SocketChannel channel = connect(from, to, port, timeout)) {
            return channel.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    private SocketChannel connect(String from, String to, int port, int timeout) throws IOException {
        SocketChannel channel = call(() -> SocketChannel.open().bind(new InetSocketAddress(ip(from), 0)));
        try {
            Socket socket = channel.socket();
            socket.connect(new InetSocketAddress(ip(to), port), timeout);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        namespace.close();
    }
}
