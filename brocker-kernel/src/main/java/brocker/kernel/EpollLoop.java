package brocker.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One daemon platform thread that waits for many descriptors to become readable, by epoll(7), level-triggered. Safe for use by any thread.
 */
final class EpollLoop implements AutoCloseable {
    private static final int EVENTS = 64;

    private final Fd epoll;
    private final Fd wake;
    private final Thread thread;

    /** What is done on the loop's thread. */
    interface Handler {
        /** This descriptor can be read, or could when the round began. */
        void readable(int fd);

        /** Every descriptor of this round was named. */
        default void rest() {}

        /** The loop is over, for it was closed or a method above has thrown. */
        void ended();
    }

    private EpollLoop(String threadName, Fd epoll, Fd wake, Handler handler) {
        this.epoll = epoll;
        this.wake = wake;
        this.thread = Thread.ofPlatform().name(threadName).daemon().unstarted(() -> run(handler));
    }

    /** Makes the loop; it begins with {@link #start}. */
    static EpollLoop open(String threadName, Handler handler) {
        try (Call call = new Call()) {
            int epoll = LibCEpoll.epoll_create1(call, LibCEpoll.EPOLL_CLOEXEC);
            Fd epollFd = Fd.adopt(call.check(epoll, "epoll_create1", threadName));
            try {
                int wake = LibCEpoll.eventfd(call, 0, LibCEpoll.EFD_CLOEXEC);
                Fd wakeFd = Fd.adopt(call.check(wake, "eventfd", threadName));
                EpollLoop loop = new EpollLoop(threadName, epollFd, wakeFd, handler);
                loop.add(wakeFd);
                return loop;
            } catch (KernelException e) {
                epollFd.close();
                throw e;
            }
        }
    }

    void start() {
        thread.start();
    }

    /** Waits for this descriptor as well, which stays the caller's. */
    void add(Fd fd) {
        control(LibCEpoll.EPOLL_CTL_ADD, fd);
    }

    /** By name, for closing a descriptor does not take it out while another keeps the open file description. */
    void remove(Fd fd) {
        control(LibCEpoll.EPOLL_CTL_DEL, fd);
    }

    String name() {
        return thread.getName();
    }

    /** Ends the thread and waits for it, unless it is this one; an interrupt does not cut the wait short. To be called once. */
    @Override
    public void close() {
        ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, 1);
        Linux.writeFully(wake, one.array(), 0, 8);
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
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

    private void run(Handler handler) {
        try (epoll;
                wake;
                Call call = new Call()) {
            MemorySegment events = call.arena().allocate(MemoryLayout.sequenceLayout(EVENTS, LibCEpoll.EPOLL_EVENT));
            boolean running = true;
            while (running) {
                int count = LibCEpoll.epoll_wait(call, epoll.number(), events, EVENTS, -1);
                if (count < 0 && !call.errno().equals(Errno.EINTR)) {
                    throw call.failure("epoll_wait", epoll);
                }
                for (int i = 0; i < count; i++) {
                    long at = i * LibCEpoll.EPOLL_EVENT.byteSize() + LibCEpoll.EPOLL_DATA;
                    int fd = (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
                    if (fd == wake.number()) {
                        running = false;
                    } else {
                        handler.readable(fd);
                    }
                }
                handler.rest();
            }
        } finally {
            handler.ended();
        }
    }
}
