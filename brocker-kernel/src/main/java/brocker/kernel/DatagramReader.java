package brocker.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Receives the datagrams of many sockets on one daemon platform thread, by epoll(7). After each round it rests a moment: what comes
 * meanwhile waits in the sockets' queues, and a sender does not have to wake it each time. Safe for use by any thread.
 */
public final class DatagramReader implements AutoCloseable {
    private static final int EVENTS = 64;

    /** More than that of one socket in one round would keep the others waiting. */
    private static final int MOST_AT_ONCE = 4096;

    private static final int LONGEST = 2048;

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

    private final Fd epoll;
    private final Fd wake;
    private final Duration rest;
    private final Thread thread;
    private final Map<Integer, Watch> watches = new HashMap<>(); // by descriptor; guarded by itself, as is closed
    private boolean closed;

    private DatagramReader(String threadName, Duration rest, Fd epoll, Fd wake) {
        this.rest = rest;
        this.epoll = epoll;
        this.wake = wake;
        this.thread = Thread.ofPlatform().name(threadName).daemon().unstarted(this::run);
    }

    /**
     * Starts the thread.
     *
     * @param rest how long datagrams may wait so that more of them are taken at once
     */
    public static DatagramReader open(String threadName, Duration rest) {
        try (Call call = new Call()) {
            int epoll = LibCEpoll.epoll_create1(call, LibCEpoll.EPOLL_CLOEXEC);
            Fd epollFd = Fd.adopt(call.check(epoll, "epoll_create1", threadName));
            Fd wakeFd;
            try {
                wakeFd = Fd.adopt(call.check(LibCEpoll.eventfd(call, 0, LibCEpoll.EFD_CLOEXEC), "eventfd", threadName));
            } catch (KernelException e) {
                epollFd.close();
                throw e;
            }
            DatagramReader reader = new DatagramReader(threadName, rest, epollFd, wakeFd);
            reader.control(LibCEpoll.EPOLL_CTL_ADD, wakeFd);
            reader.thread.start();
            return reader;
        }
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
                    throw new IllegalStateException("reader \"" + thread.getName() + "\" is closed");
                }
                control(LibCEpoll.EPOLL_CTL_ADD, watch.socket());
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
                    control(LibCEpoll.EPOLL_CTL_DEL, watch.socket());
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
        ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1);
        Linux.writeFully(wake, one.array(), 0, 8);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void control(int operation, Fd fd) {
        try (Call call = new Call()) {
            MemorySegment event = call.arena().allocate(LibCEpoll.EPOLL_EVENT);
            event.set(ValueLayout.JAVA_INT, 0, LibCEpoll.EPOLLIN);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, LibCEpoll.EPOLL_DATA, fd.number());
            call.check(LibCEpoll.epoll_ctl(call, epoll.number(), operation, fd.number(), event), "epoll_ctl", fd);
        }
    }

    private void run() {
        try (epoll;
                wake;
                Call call = new Call()) {
            MemorySegment events = call.arena().allocate(MemoryLayout.sequenceLayout(EVENTS, LibCEpoll.EPOLL_EVENT));
            MemorySegment memory = call.arena().allocate(LONGEST);
            byte[] datagram = new byte[LONGEST];
            while (true) {
                int count = LibCEpoll.epoll_wait(call, epoll.number(), events, EVENTS, -1);
                if (count < 0 && !call.errno().equals(Errno.EINTR)) {
                    throw call.failure("epoll_wait", epoll);
                }
                synchronized (watches) {
                    if (closed) {
                        return;
                    }
                    for (int i = 0; i < count; i++) {
                        long at = i * LibCEpoll.EPOLL_EVENT.byteSize() + LibCEpoll.EPOLL_DATA;
                        Watch watch = watches.get((int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
                        // Without one it was forgotten meanwhile.
                        if (watch != null) {
                            drain(call, watch, memory, datagram);
                        }
                    }
                }
                Thread.sleep(rest);
            }
        } catch (InterruptedException _) {
            throw new IllegalStateException("nobody interrupts this thread");
        } finally {
            synchronized (watches) {
                closed = true;
                watches.values().forEach(watch -> watch.socket().close());
                watches.clear();
            }
        }
    }

    private static void drain(Call call, Watch watch, MemorySegment memory, byte[] datagram) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            long length =
                    LibCSocket.recv(call, watch.socket().number(), memory, memory.byteSize(), LibCSocket.MSG_DONTWAIT);
            if (length < 0) {
                if (call.errno().equals(Errno.EAGAIN)) {
                    return;
                }
                if (!call.errno().equals(Errno.EINTR)) {
                    throw call.failure("recv", watch.socket());
                }
            } else {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, datagram, 0, (int) length);
                watch.listener().received(datagram, (int) length);
            }
        }
    }
}
