package brocker.daemon.turn;

import brocker.daemon.record.Failures;
import brocker.spec.BrockerException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs what it is given one after the other, on one virtual thread. The state that only it touches needs no lock. */
public final class Mailbox implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Mailbox.class.getName());

    private final String name;
    private final ExecutorService thread;

    public Mailbox(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("mailbox-" + name).factory());
    }

    /**
     * Runs it in turn and returns what it returned; its unchecked exceptions are the caller's.
     *
     * @throws BrockerException.NotFound when the service has been removed meanwhile
     */
    public <T> T call(Callable<T> work) {
        Future<T> future;
        try {
            future = thread.submit(work);
        } catch (RejectedExecutionException _) {
            throw Failures.serviceGone(name);
        }
        return Waiting.on(future);
    }

    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    /** Runs it in turn, without waiting. What it throws is logged. */
    public void post(Runnable work) {
        try {
            var _ = thread.submit(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "service \"" + name + "\": " + e.getMessage(), e);
                }
            });
        } catch (RejectedExecutionException _) {
            LOG.log(System.Logger.Level.DEBUG, "service \"" + name + "\" is closed");
        }
    }

    /**
     * Runs it in turn, without waiting, and where it throws again after a pause that grows from a second to a minute, until it does not: for
     * what nobody else would do.
     */
    public void postUntilDone(Runnable work) {
        postUntilDone(work, new Backoff());
    }

    private void postUntilDone(Runnable work, Backoff backoff) {
        post(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "service \"" + name + "\": " + e.getMessage(), e);
                CompletableFuture.delayedExecutor(backoff.after(Duration.ZERO).toNanos(), TimeUnit.NANOSECONDS)
                        .execute(() -> postUntilDone(work, backoff));
            }
        });
    }

    /** Runs it in turn after a pause, at once where that is negative. What is due after it was closed is not done. */
    public void postAfter(Duration pause, Runnable work) {
        CompletableFuture.delayedExecutor(Math.max(0, pause.toNanos()), TimeUnit.NANOSECONDS, this::post)
                .execute(work);
    }

    /** Lets what was given before finish. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
