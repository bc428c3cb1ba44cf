package brocker.daemon.connection;

import brocker.spec.BrockerException;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, which its own virtual thread reads and answers. A connection is a stranger's until its first request is
 * accepted ({@link #begin}), and until then it has a fixed time. After that only its silence is limited, and only while the daemon waits
 * for it to speak.
 *
 * <p>A client that leaves ends the thread by a {@link CloseConnectionException}, which Helidon passes on without a word.
 */
public final class Connection implements ConnectionContext {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** How long, after an answer that closes the connection, what the client still sends is read and dropped. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Listener listener;
    private final SocketChannel channel;
    private final HelidonSocket socket;
    private final ServerConnection conversation;
    private final DataReader reader = DataReader.create(this::read);
    private final DataWriter writer = new Writer();
    private final AtomicBoolean cut = new AtomicBoolean();

    private volatile long due;
    private volatile boolean known;
    private volatile boolean unhurried;
    private volatile boolean gone;

    Connection(Listener listener, SocketChannel channel, HelidonSocket socket) {
        this.listener = listener;
        this.channel = channel;
        this.socket = socket;
        this.due = in(listener.limits().head());
        this.conversation = listener.http().on(this);
    }

    /** The one whose request the calling thread handles. */
    public static Connection current() {
        return CURRENT.get();
    }

    /** Whether it came through the Unix socket, whose permissions let root and the group {@code brocker} in and nobody else. */
    public boolean isLocal() {
        return listener.isLocal();
    }

    /**
     * Accepts a request: its client may do what the request asks for. {@link #end} follows in any case.
     *
     * @throws BrockerException.Unreachable when the daemon has as many clients as it can serve, and each of them is being served
     */
    public void begin() {
        if (!listener.connections().begin(this)) {
            throw new BrockerException.Unreachable(
                    "too-many-connections",
                    "brockerd serves " + listener.limits().known() + " clients at \"" + listener.name() + "\" already",
                    "try again when one of them has left");
        }
        due = in(FOREVER);
        known = true;
    }

    /** The request has been answered. */
    public void end() {
        unhurried = false;
        listener.connections().end(this);
    }

    /** Lets the client be silent for as long as it likes within this request, as one does who types a command's input. */
    public void waitForever() {
        unhurried = true;
    }

    /** Whether the client has left, or was sent away: nothing can be said to it any more, and nothing is wrong with the daemon. */
    public boolean isGone() {
        return gone;
    }

    /** Whether the daemon takes no further request on this connection. */
    public boolean isLast() {
        return listener.isClosing();
    }

    /** The work of its thread. */
    void run() {
        try {
            ScopedValue.where(CURRENT, this).run(this::converse);
        } finally {
            close();
            listener.connections().remove(this);
        }
    }

    private void converse() {
        try {
            conversation.handle(FixedLimit.create());
        } catch (CloseConnectionException | InterruptedException _) {
            // The client or the daemon leaves.
        } catch (RuntimeException e) {
            if (!gone) {
                LOG.log(System.Logger.Level.WARNING, "a connection at \"" + listener.name() + "\" failed", e);
            }
        }
    }

    /** Ends a connection that takes too long; whether that was done. */
    boolean cutIfOverdue() {
        return System.nanoTime() - due >= 0 && cut();
    }

    /** Ends it in the middle of whatever it does; whether it had not been before. */
    boolean cut() {
        if (!cut.compareAndSet(false, true)) {
            return false;
        }
        gone = true;
        closeChannel();
        return true;
    }

    /** Reads no further request. Where the head of one was bad Helidon ends by itself, and must not be interrupted. */
    void endWithThisAnswer() {
        if (conversation instanceof InterruptableTask<?> task && !task.canInterrupt()) {
            conversation.close(false);
        }
    }

    /** Ends it after the request that is being answered; interrupts that too where asked. */
    void finish(boolean interrupt) {
        conversation.close(interrupt);
    }

    /**
     * Takes leave. Closing a TCP socket that has unread input resets the connection, and the client might lose the answer; so what it
     * has sent is read first, for a moment. A client that fails at TLS is told so by an alert.
     */
    private void close() {
        long farewell = in(FAREWELL);
        due = known || farewell - due < 0 ? farewell : due;
        try {
            if (socket.isSecure()) {
                socket.close();
            } else if (!gone) {
                drop();
            }
        } catch (IOException | RuntimeException _) {
            // The client has left first, or its time is over.
        }
        closeChannel();
    }

    private void drop() throws IOException {
        channel.shutdownOutput();
        ByteBuffer dropped = ByteBuffer.allocate(4096);
        while (channel.read(dropped) >= 0) {
            dropped.clear();
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a connection", e);
        }
    }

    private byte[] read() {
        if (known && !unhurried) {
            due = in(listener.limits().quiet());
        }
        try {
            byte @Nullable [] bytes = socket.get();
            if (bytes != null) {
                return bytes;
            }
        } catch (RuntimeException e) {
            throw left(e);
        } finally {
            if (known) {
                due = in(FOREVER);
            }
        }
        throw left(new IOException("end of stream"));
    }

    /** What comes from the socket's own class is about this connection alone. */
    private CloseConnectionException left(Exception cause) {
        gone = true;
        return new CloseConnectionException("the client has left", cause);
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /** Writes at once. */
    private final class Writer implements DataWriter {
        @Override
        public void write(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void write(BufferData buffer) {
            writeNow(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            if (gone) {
                throw left(new IOException("nobody reads any more"));
            }
            try {
                socket.write(buffer);
            } catch (RuntimeException e) {
                throw left(e);
            }
        }
    }

    @Override
    public void log(System.Logger logger, System.Logger.Level level, String format, Object... variables) {
        if (!gone) {
            ConnectionContext.super.log(logger, level, format, variables);
        }
    }

    @Override
    public void log(System.Logger logger, System.Logger.Level level, String format, Throwable t, Object... variables) {
        if (!gone) {
            ConnectionContext.super.log(logger, level, format, t, variables);
        }
    }

    @Override
    public ListenerContext listenerContext() {
        return listener.http();
    }

    @Override
    public ExecutorService executor() {
        return listener.http().executor();
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return listener.http().router();
    }

    @Override
    public PeerInfo remotePeer() {
        return socket.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return socket.localPeer();
    }

    @Override
    public boolean isSecure() {
        return socket.isSecure();
    }

    @Override
    public String socketId() {
        return socket.socketId();
    }

    @Override
    public String childSocketId() {
        return socket.childSocketId();
    }
}
