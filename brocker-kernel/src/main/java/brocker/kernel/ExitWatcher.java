package brocker.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for many processes on one daemon platform thread. Safe for use by any thread.
 *
 * <p>epoll(7) over pidfds, one descriptor and no thread for each process. A child of this process is reaped with waitid(2)
 * P_PIDFD (Linux 5.4).
 */
public final class ExitWatcher implements AutoCloseable {
    private static final int EVENTS = 64;

    private record Watch(Fd pidfd, CompletableFuture<Exit> exit) {}

    private final Fd epoll;
    private final Fd wake;
    private final Thread thread;
    private final Map<Integer, Watch> watches = new HashMap<>(); // by descriptor; guarded by itself, as is closed
    private boolean closed;

    private ExitWatcher(String threadName, Fd epoll, Fd wake) {
        this.epoll = epoll;
        this.wake = wake;
        this.thread = Thread.ofPlatform().name(threadName).daemon().unstarted(this::run);
    }

    /** Starts the thread. */
    public static ExitWatcher open(String threadName) {
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
            ExitWatcher watcher = new ExitWatcher(threadName, epollFd, wakeFd);
            watcher.control(LibCEpoll.EPOLL_CTL_ADD, wakeFd);
            watcher.thread.start();
            return watcher;
        }
    }

    /**
     * Completes when the process has ended, with {@link Exit.Unknown} where it is not a child of ours. The watcher keeps a
     * duplicate: the caller may close {@code pidfd} at any time. One watch for each child; a second one sees
     * {@link Exit.Unknown}, because the first reaps.
     *
     * <p>The future completes on the watcher's thread: use the {@code Async} forms to go on from it. It
     * is cancelled by {@link #close}; cancelling it yourself does not stop the watch.
     */
    public CompletableFuture<Exit> watch(Fd pidfd) {
        Watch watch = new Watch(pidfd.duplicate(), new CompletableFuture<>());
        synchronized (watches) {
            if (closed) {
                watch.pidfd().close();
                throw new IllegalStateException("watcher \"" + thread.getName() + "\" is closed");
            }
            try {
                control(LibCEpoll.EPOLL_CTL_ADD, watch.pidfd());
            } catch (KernelException e) {
                watch.pidfd().close();
                throw e;
            }
            watches.put(watch.pidfd().number(), watch);
        }
        return watch.exit();
    }

    /** Ends the thread, waits for it, and cancels what is still watched; the processes go on and are not reaped. */
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

    private void run() {
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
                        ended(fd);
                    }
                }
            }
        } finally {
            List<Watch> rest;
            synchronized (watches) {
                closed = true;
                rest = List.copyOf(watches.values());
                watches.clear();
            }
            for (Watch watch : rest) {
                watch.pidfd().close();
                watch.exit().cancel(false);
            }
        }
    }

    private void ended(int fd) {
        Watch watch;
        synchronized (watches) {
            watch = watches.get(fd);
        }
        if (watch == null) {
            throw new IllegalStateException("epoll(7) reports fd " + fd + ", which nobody watches");
        }
        try (Call call = new Call()) {
            MemorySegment info = call.arena().allocate(LibC.SIGINFO);
            int result = LibC.waitid(call, LibC.P_PIDFD, fd, info, LibC.WEXITED | LibC.WNOHANG);
            if (result < 0 && !call.errno().equals(Errno.ECHILD)) {
                KernelException failure = call.failure("waitid", watch.pidfd());
                forget(fd, watch);
                watch.exit().completeExceptionally(failure);
            } else if (result < 0) {
                forget(fd, watch);
                watch.exit().complete(new Exit.Unknown());
            } else if (info.get(ValueLayout.JAVA_INT, SIGINFO_PID) != 0) {
                forget(fd, watch);
                watch.exit().complete(exit(info));
            } // else it has not ended yet, and epoll, being level-triggered, will say so again
        }
    }

    /** Taken out by name: closing alone would not, while the caller's descriptor keeps the open file description. */
    private void forget(int fd, Watch watch) {
        control(LibCEpoll.EPOLL_CTL_DEL, watch.pidfd());
        synchronized (watches) {
            watches.remove(fd);
        }
        watch.pidfd().close();
    }

    private static final long SIGINFO_CODE = offset("si_code");
    private static final long SIGINFO_PID = offset("si_pid");
    private static final long SIGINFO_STATUS = offset("si_status");

    private static long offset(String field) {
        return LibC.SIGINFO.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }

    private static Exit exit(MemorySegment info) {
        int status = info.get(ValueLayout.JAVA_INT, SIGINFO_STATUS);
        boolean exited = info.get(ValueLayout.JAVA_INT, SIGINFO_CODE) == LibC.CLD_EXITED;
        return exited ? new Exit.Code(status) : new Exit.Signal(status);
    }
}
