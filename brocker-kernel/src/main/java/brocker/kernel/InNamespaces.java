package brocker.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The way to call unshare(2) or setns(2): on a platform thread of its own, which ends afterwards. See also {@link NamespaceVisitor}.
 *
 * <p>Namespaces belong to a thread. On a virtual thread they would stay with the carrier, where a stranger runs next; on a pooled
 * thread they would stay with the pool.
 */
public final class InNamespaces {
    private InNamespaces() {}

    /**
     * Runs {@code body} on a fresh platform thread and waits for it to finish; an interrupt does not cut the wait short (what
     * the body makes must not be left without an owner) and is set again afterwards.
     *
     * <p>A {@link RuntimeException} or {@link Error} of the body is thrown as it is, an {@link IOException} as
     * {@link UncheckedIOException}, anything else as {@link CompletionException}. After
     * {@code unshare(CLONE_NEWPID)} the body can start no thread and no {@link Process}; {@link Spawn} works.
     */
    public static <T> T call(String threadName, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = Thread.ofPlatform().name(threadName).daemon().start(task);
        return await(() -> {
            thread.join();
            return task.get();
        });
    }

    /** What a future of work like that gives in the end. */
    interface Result<T> {
        T get() throws InterruptedException, ExecutionException;
    }

    /** Waits for it, and throws, as {@link #call} does. */
    static <T> T await(Result<T> result) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException cause -> cause;
            case Error cause -> throw cause;
            case IOException cause -> new UncheckedIOException(cause);
            case null, default -> new CompletionException(e.getMessage(), e.getCause());
        };
    }
}
