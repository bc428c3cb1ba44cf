package brocker.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A connection to the daemon on which anything may be said, or nothing. */
record Wire(SocketChannel channel) implements AutoCloseable {
    /** Connects; fails where nobody listens. */
    static Wire to(SocketAddress address) {
        try {
            return new Wire(SocketChannel.open(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SocketAddress tcp(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static SocketAddress unix(Path path) {
        return UnixDomainSocketAddress.of(path);
    }

    /** Sends a request and reads the beginning of its answer, within this time; empty where the connection ends without one. */
    static String ask(SocketAddress address, Duration longest, String path, String... headers) {
        try (Wire wire = to(address)) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            wire.say("GET " + path + " HTTP/1.1\r\nHost: brockerd\r\n" + more + "\r\n");
            return wire.hear(longest);
        }
    }

    /** Sends it; what the other side does not want to hear any more is lost. */
    boolean say(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What comes next; empty at the end of the connection.
     *
     * @throws AssertionError when neither comes within the time
     */
    String hear(Duration longest) {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            if (selector.select(Await.patient(longest).toMillis()) == 0) {
                throw new AssertionError("nothing came within " + longest);
            }
            int read = channel.read(buffer);
            return read < 0 ? "" : StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        } catch (IOException e) {
            // Reset, which is an end as well.
            return "";
        } finally {
            block();
        }
    }

    private void block() {
        try {
            channel.configureBlocking(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a client does that is killed with something unread: the daemon's next read or write fails. */
    void reset() {
        try {
            if (channel.getRemoteAddress() instanceof InetSocketAddress) {
                channel.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
