package brocker.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What would have to be done to leave the host as it was. Each step pushes its reversal; closing runs them backwards, all of them,
 * unless {@link #keep} was called at the end. Belongs to one thread.
 */
public final class Undo implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();

    /** The reversal of one step. */
    @FunctionalInterface
    public interface Step {
        /** Takes back what was made. */
        void run() throws Exception;
    }

    public void push(Step reversal) {
        steps.push(reversal);
    }

    /** What was made stays. */
    public void keep() {
        steps.clear();
    }

    /** Takes everything back. A reversal that fails does not keep the others from running. */
    @Override
    public void close() {
        RuntimeException failure = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("taking back what was made", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
