package brocker.daemon.turn;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for work that runs elsewhere. */
public final class Waiting {
    private Waiting() {}

    /** What comes of it; its unchecked exceptions are the caller's. An interrupt is an error of the daemon's own. */
    public static <T> T on(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("work that failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
