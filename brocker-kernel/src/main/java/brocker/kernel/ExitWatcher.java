package brocker.kernel;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private record Watch(Fd pidfd, CompletableFuture<Exit> exit) {}

    private final EpollLoop loop;
    private final Map<Integer, Watch> watches = new HashMap<>(); // by descriptor; guarded by itself, as is closed
    private boolean closed;

    private ExitWatcher(String threadName) {
        this.loop = EpollLoop.open(threadName, new EpollLoop.Handler() {
            @Override
            public void readable(int fd) {
                exited(fd);
            }

            @Override
            public void ended() {
                cancelRest();
            }
        });
    }

    /** Starts the thread. */
    public static ExitWatcher open(String threadName) {
        ExitWatcher watcher = new ExitWatcher(threadName);
        watcher.loop.start();
        return watcher;
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
                throw new IllegalStateException("watcher \"" + loop.name() + "\" is closed");
            }
            try {
                loop.add(watch.pidfd());
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
        loop.close();
    }

    private void cancelRest() {
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

    private void exited(int fd) {
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

    private void forget(int fd, Watch watch) {
        loop.remove(watch.pidfd());
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
