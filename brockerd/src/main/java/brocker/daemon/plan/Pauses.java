package brocker.daemon.plan;

import brocker.daemon.turn.Backoff;
import java.time.Duration;
import java.time.Instant;

/**
 * When the next replica may be started in the place of one that did not do. Replicas that fail together make one pause, not one each.
 * Used by the service's mailbox alone.
 */
public final class Pauses {
    private Backoff backoff = new Backoff();
    private Instant next = Instant.EPOCH;

    /**
     * A replica has failed.
     *
     * @param lived for how long it was of use
     */
    public void failed(Duration lived, Instant now) {
        if (!now.isBefore(next)) {
            next = now.plus(backoff.after(lived));
        }
    }

    /** From when on one may be started. */
    public Instant next() {
        return next;
    }

    /** What is asked for by a user is not held up. */
    public void reset() {
        backoff = new Backoff();
        next = Instant.EPOCH;
    }
}
