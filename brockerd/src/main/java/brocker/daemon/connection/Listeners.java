package brocker.daemon.connection;

import brocker.spec.BrockerException;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Serves the REST interface on both sockets. Each has limits of its own, so clients of the one do not keep out those of the other. A
 * handler finds its client's {@link Connection#current}.
 */
public final class Listeners implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    /** Between two looks at the connections' time. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /** How long requests may go on when the daemon leaves, before they are interrupted, and after that. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ListeningSockets sockets;
    private final Listener unix;
    private final List<Listener> listeners;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;

    private boolean restoreFailed;

    /**
     * Serves from {@link #start} on.
     *
     * @param sockets are closed with this
     * @param tls encrypts the connections of the TCP socket, where it is there
     * @throws BrockerException.Host when the host refuses
     */
    public Listeners(
            ListeningSockets sockets, HttpRouting.Builder routing, Optional<SSLContext> tls, ConnectionLimits limits) {
        this.sockets = sockets;
        Http http = Http.serving(routing);
        try {
            this.unix = new Listener(
                    sockets.path().toString(), true, sockets::unix, sockets.scratch(), http, Optional.empty(), limits);
            Listener tcp = new Listener(
                    InheritedSockets.text(sockets.address()),
                    false,
                    sockets::tcp,
                    sockets.scratch(),
                    http,
                    tls,
                    limits);
            this.listeners = List.of(unix, tcp);
        } catch (IOException e) {
            throw new BrockerException.Host("cannot-listen", "cannot accept connections: " + e.getMessage(), "");
        }
        this.keeper = Thread.ofPlatform().name("api-keeper").daemon().unstarted(this::keep);
    }

    /** Serves, what has waited in the backlog first. */
    public void start() {
        listeners.forEach(Listener::start);
        keeper.start();
    }

    /** Ends the connections whose time is over, and sees to the Unix socket's file. */
    private void keep() {
        try {
            while (!closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                tick();
            }
        } catch (InterruptedException _) {
            // The daemon leaves.
        }
    }

    private void tick() {
        try {
            forAll(Connection::cutIfOverdue);
            restore();
        } catch (RuntimeException | Error e) {
            // The next look may succeed; without any, connections would stay for ever.
            LOG.log(System.Logger.Level.WARNING, "looking after connections failed (tried again)", e);
        }
    }

    private void restore() {
        try {
            if (sockets.restore()) {
                LOG.log(System.Logger.Level.WARNING, "\"" + sockets.path() + "\" was gone and was made again");
                unix.reopen();
            }
            restoreFailed = false;
        } catch (RuntimeException e) {
            if (!restoreFailed) {
                restoreFailed = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "\"" + sockets.path() + "\" is gone and cannot be made again: " + e.getMessage());
            }
        }
    }

    /** Accepts nothing more, and lets requests finish for a moment. */
    @Override
    public void close() {
        closing.countDown();
        listeners.forEach(Listener::stop);
        try {
            for (Listener listener : listeners) {
                listener.awaitStop(GRACE);
            }
            sockets.close();
            for (Listener listener : listeners) {
                listener.connections().idle().forEach(connection -> connection.finish(false));
            }
            await(GRACE);
            forAll(connection -> connection.finish(true));
            await(GRACE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            forAll(Connection::cut);
        }
    }

    private void forAll(Consumer<Connection> action) {
        listeners.forEach(listener -> listener.connections().all().forEach(action));
    }

    private void await(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        for (Listener listener : listeners) {
            var _ = listener.connections().awaitNone(Duration.ofNanos(end - System.nanoTime()));
        }
    }
}
