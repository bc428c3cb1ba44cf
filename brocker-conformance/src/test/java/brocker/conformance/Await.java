package brocker.conformance;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for what comes about by itself. On a machine that is known to be slow, the property {@code brocker.patience} says how many
 * times longer.
 */
final class Await {
    private static final int PATIENCE = Integer.getInteger("brocker.patience", 1);
    private static final Duration OFTEN = Duration.ofMillis(20);

    private Await() {}

    /**
     * Waits until a condition holds.
     *
     * @throws AssertionError when it does not within the time
     */
    static void until(String what, Duration longest, BooleanSupplier condition) {
        until(what, longest, OFTEN, condition);
    }

    /** The same, looking at it once in so long: where looking takes what is measured. */
    static void until(String what, Duration longest, Duration interval, BooleanSupplier condition) {
        Duration time = patient(longest);
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + time.toSeconds() + " s: " + what);
            }
            pause(interval);
        }
    }

    /** A time that was meant for a usual machine, on this one. */
    static Duration patient(Duration time) {
        return time.multipliedBy(PATIENCE);
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
