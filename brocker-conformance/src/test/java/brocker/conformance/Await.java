package brocker.conformance;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what comes about by itself. */
final class Await {
    private Await() {}

    /**
     * Waits until a condition holds.
     *
     * @throws AssertionError when it does not within the time
     */
    static void until(String what, Duration longest, BooleanSupplier condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
            }
            pause(Duration.ofMillis(20));
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
