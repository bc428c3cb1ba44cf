package brocker.kernel;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Receives the datagrams of many sockets on one daemon platform thread, by epoll(7). After each round it rests a moment: what comes
 * meanwhile waits in the sockets' queues, and a sender does not have to wake it each time. It rests the longer the fewer come, so that
 * they fit into the queues and it still wakes seldom. Safe for use by any thread.
 */
public final class DatagramReader implements AutoCloseable {
    /** More of one socket in one round would keep the others waiting. */
    private static final int MOST_LOTS = 64;

    /** Of one sender some 270 fit into its buffer, see {@code SO_SNDBUF} in socket(7). */
    private static final int MANY = 160;

    /** Takes datagrams, on the reader's thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * One has come.
         *
         * @param datagram the reader's, filled anew afterwards; what of a datagram does not fit is lost
         * @param length how many bytes of it
         */
        void received(byte[] datagram, int length);
    }

    private record Watch(Fd socket, Listener listener) {}

    private final EpollLoop loop;
    private final Duration shortestRest;
    private final Duration longestRest;
    private Duration rest; // the loop's alone, as is taken
    private int taken;
    private final Map<Integer, Watch> watches = new HashMap<>(); // by descriptor; guarded by itself, as is closed
    private boolean closed;

    private DatagramReader(String threadName, Duration shortestRest, Duration longestRest) {
        this.shortestRest = shortestRest;
        this.longestRest = longestRest;
        this.rest = shortestRest;
        this.loop = EpollLoop.open(threadName, new EpollLoop.Handler() {
            private final DatagramLot lot = new DatagramLot();

            @Override
            public void readable(int fd) {
                take(fd, lot);
            }

            @Override
            public void rest() {
                pause();
            }

            @Override
            public void ended() {
                closeRest();
            }
        });
    }

    /**
     * Starts the thread.
     *
     * @param shortestRest how long datagrams wait where many come
     * @param longestRest how long they may wait where few do
     */
    public static DatagramReader open(String threadName, Duration shortestRest, Duration longestRest) {
        DatagramReader reader = new DatagramReader(threadName, shortestRest, longestRest);
        reader.loop.start();
        return reader;
    }

    /**
     * A socket that receives what is sent to the file {@code path}, which must not exist (EADDRINUSE); the caller owns the descriptor, and
     * the file stays. See {@link UnixDatagramSocket#bind}.
     */
    public static Fd bind(String path) {
        try (Call call = new Call()) {
            int type = LibCSocket.SOCK_DGRAM | LibCSocket.SOCK_CLOEXEC | LibCSocket.SOCK_NONBLOCK;
            int number = LibCSocket.socket(call, LibCSocket.AF_UNIX, type, 0);
            Fd socket = Fd.adopt(call.check(number, "socket", "AF_UNIX"));
            try {
                MemorySegment name = SocketAddress.write(call.arena(), path);
                call.check(LibCSocket.bind(call, socket.number(), name, (int) name.byteSize()), "bind", path);
                return socket;
            } catch (RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    }

    /** Gives the listener what comes in from now on, until {@link #forget}. The socket stays the caller's. */
    public void watch(Fd socket, Listener listener) {
        Watch watch = new Watch(socket.duplicate(), listener);
        synchronized (watches) {
            try {
                if (closed) {
                    throw new IllegalStateException("reader \"" + loop.name() + "\" is closed");
                }
                loop.add(watch.socket());
            } catch (RuntimeException e) {
                watch.socket().close();
                throw e;
            }
            watches.put(watch.socket().number(), watch);
        }
    }

    /** A listener gets nothing more when this returns. */
    public void forget(Listener listener) {
        synchronized (watches) {
            watches.values().removeIf(watch -> {
                boolean gone = watch.listener().equals(listener);
                if (gone) {
                    loop.remove(watch.socket());
                    watch.socket().close();
                }
                return gone;
            });
        }
    }

    /** Ends the thread and waits for it; the sockets stay as they are. */
    @Override
    public void close() {
        synchronized (watches) {
            if (closed) {
                return;
            }
            closed = true;
        }
        loop.close();
    }

    private void take(int fd, DatagramLot lot) {
        synchronized (watches) {
            Watch watch = watches.get(fd);
            // Without one it was forgotten meanwhile.
            if (watch != null) {
                int lots = 0;
                int received;
                do {
                    received = lot.receive(watch.socket(), watch.listener());
                    taken += received;
                    lots++;
                } while (received == DatagramLot.MOST && lots < MOST_LOTS);
            }
        }
    }

    private void pause() {
        Duration next = taken > MANY ? rest.dividedBy(2) : taken < MANY / 2 ? rest.multipliedBy(2) : rest;
        rest = next.compareTo(shortestRest) < 0 ? shortestRest : next.compareTo(longestRest) > 0 ? longestRest : next;
        taken = 0;
        try {
            Thread.sleep(rest);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void closeRest() {
        synchronized (watches) {
            closed = true;
            watches.values().forEach(watch -> watch.socket().close());
            watches.clear();
        }
    }
}
