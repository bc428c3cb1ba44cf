package brocker.client.verb;

import brocker.spec.BrockerException;
import java.time.Duration;

/**
 * How a verb that takes long goes on while its daemon is away, as when it is restarted: for a minute at most. One that never answered
 * is not waited for. Thread-safe.
 */
final class Absence {
    /** From when it was noticed. */
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** Between two attempts. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Session session;
    private final String what;
    private boolean met;
    private boolean away;
    private long since;

    /** @param what goes on when the daemon is back, as the user is told */
    Absence(Session session, String what) {
        this.session = session;
        this.what = what;
    }

    /** The daemon has answered. */
    synchronized void over() {
        met = true;
        away = false;
    }

    /**
     * The daemon does not answer: pauses before the next attempt.
     *
     * @throws BrockerException.Unreachable the same, when it never did or has been away for too long
     */
    void goesOn(BrockerException.Unreachable failure) {
        synchronized (this) {
            if (!met) {
                throw failure;
            }
            if (!away) {
                away = true;
                since = System.nanoTime();
                session.shell().stderr().println("warning: the daemon has left; " + what + " when it is back");
            } else if (System.nanoTime() - since > LONGEST.toNanos()) {
                throw failure;
            }
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon was away", e);
        }
    }
}
