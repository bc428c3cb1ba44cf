package brocker.daemon.names;

import java.time.Duration;

/** Lets a loop go on so often in a second, and then rests for what is left of it, so that no container keeps a processor busy. Of one thread. */
final class Pace {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final int most;
    private long begin = System.nanoTime();
    private int steps;

    /** @param most steps in a second */
    Pace(int most) {
        this.most = most;
    }

    /** One step; returns when there may be another. */
    void step() throws InterruptedException {
        steps++;
        if (steps < most) {
            return;
        }
        long left = SECOND - (System.nanoTime() - begin);
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
        begin = System.nanoTime();
        steps = 0;
    }
}
