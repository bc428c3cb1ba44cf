package brocker.daemon.turn;

import java.time.Duration;

/** How long to wait before the next try: a second, doubled up to a minute, and a second again after ten seconds of life. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration STABLE = Duration.ofSeconds(10);

    private Duration next = FIRST;

    /** The pause after something that lived this long. */
    public Duration after(Duration lived) {
        if (lived.compareTo(STABLE) >= 0) {
            next = FIRST;
        }
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }
}
