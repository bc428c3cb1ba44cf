package brocker.daemon.connection;

import brocker.kernel.Fd;
import brocker.kernel.ListeningChannel;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.NioSocket;
import io.helidon.common.socket.TlsNioSocket;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Accepts what connects to one listening socket, for as long as the daemon lives: neither a client, nor descriptors or memory that have
 * run out, ends its thread.
 */
final class Listener {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    /** After a failed accept(2), which fails again at once while there are no descriptors. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);

    private final String name;
    private final boolean local;
    private final Supplier<Fd> socket;
    private final Path scratch;
    private final Http http;
    private final Optional<SSLContext> tls;
    private final Connections connections;
    private final AtomicLong number = new AtomicLong();
    private final Thread thread;

    private volatile ServerSocketChannel channel;
    private volatile boolean closing;
    private long complained = System.nanoTime() - BETWEEN_COMPLAINTS.toNanos();

    /**
     * Accepts from now on.
     *
     * @param name the socket's, for messages
     * @param local whether it is the Unix socket
     * @param socket the one that listens at present
     * @param scratch a path that nothing else uses
     */
    Listener(
            String name,
            boolean local,
            Supplier<Fd> socket,
            Path scratch,
            Http http,
            Optional<SSLContext> tls,
            ConnectionLimits limits)
            throws IOException {
        this.name = name;
        this.local = local;
        this.socket = socket;
        this.scratch = scratch;
        this.http = http;
        this.tls = tls;
        this.connections = new Connections(limits);
        this.channel = ListeningChannel.over(socket.get(), scratch);
        this.thread = Thread.ofPlatform()
                .name(local ? "accept-unix" : "accept-tcp")
                .daemon()
                .unstarted(this::acceptAll);
    }

    void start() {
        thread.start();
    }

    String name() {
        return name;
    }

    boolean isLocal() {
        return local;
    }

    Http http() {
        return http;
    }

    ConnectionLimits limits() {
        return connections.limits();
    }

    Connections connections() {
        return connections;
    }

    boolean isClosing() {
        return closing;
    }

    /** Goes on with the socket that listens at present, which is another one. */
    void reopen() {
        closeChannel();
    }

    /** Accepts nothing more. */
    void stop() {
        closing = true;
        closeChannel();
    }

    /** Waits until its thread has left the run directory alone, at most this long. */
    void awaitStop(Duration longest) throws InterruptedException {
        if (thread.isAlive()) {
            var _ = thread.join(longest);
        }
    }

    private void acceptAll() {
        while (!closing) {
            try {
                if (!channel.isOpen()) {
                    channel = ListeningChannel.over(socket.get(), scratch);
                }
                serve(channel.accept());
            } catch (ClosedChannelException _) {
                // By reopen or stop. An interrupt would do the same, and must not do it again.
                var _ = Thread.interrupted();
            } catch (Throwable e) {
                // Whatever it was, the next connection may succeed.
                if (!closing) {
                    complain(e);
                    connections.closeOldestStranger();
                    pause();
                }
            }
        }
        closeChannel();
    }

    private void serve(SocketChannel accepted) throws IOException, InterruptedException {
        try {
            if (!local) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                // A client whose machine has gone is noticed one day, however long it was to be silent.
                accepted.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
            Connection connection = new Connection(this, accepted, http(accepted));
            connections.add(connection);
            try {
                var _ = Thread.ofVirtual()
                        .name("api-" + (local ? "unix-" : "tcp-") + number.incrementAndGet())
                        .start(connection::run);
            } catch (Throwable e) {
                connections.remove(connection);
                throw e;
            }
        } catch (Throwable e) {
            accepted.close();
            throw e;
        }
    }

    private HelidonSocket http(SocketChannel accepted) {
        String id = String.valueOf(number.get());
        if (tls.isEmpty()) {
            return NioSocket.server(accepted, id, name);
        }
        SSLEngine engine = tls.get().createSSLEngine();
        // One of ALPN's names (RFC 7301); null refuses a client that names others only.
        engine.setHandshakeApplicationProtocolSelector(
                (_, offered) -> offered.contains("http/1.1") ? "http/1.1" : null);
        return TlsNioSocket.server(accepted, engine, id, name);
    }

    private void complain(Throwable e) {
        if (System.nanoTime() - complained >= BETWEEN_COMPLAINTS.toNanos()) {
            complained = System.nanoTime();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot accept connections at \"" + name + "\" (tried again): " + e.getMessage() + "; there are "
                            + connections.size());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            // Nobody interrupts this thread; where somebody did, it goes on all the same.
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "closing \"" + name + "\": " + e.getMessage());
        }
    }
}
