package brocker.daemon.event;

import brocker.spec.BrockerException;
import brocker.spec.wire.Event;
import java.time.Duration;
import java.util.List;

/**
 * The newest ten thousand events, and somewhat more; older ones are forgotten. Numbers grow from event to event, by more than one after
 * a reboot, and none is ever given twice. Readers hold up neither each other nor whoever changes something. Thread-safe.
 */
public interface EventLog {
    /** The number of the newest event; 0 before the first. */
    long newest();

    /** The number of the newest event that is forgotten; 0 where none is. Whatever follows it is kept. */
    long forgotten();

    /**
     * What follows a number, the oldest first.
     *
     * @param most how many events at most
     * @throws BrockerException.NotFound when events that follow it are forgotten, or there was no event of that number yet
     */
    List<Event> after(long sequence, int most);

    /**
     * Waits until there is an event after a number.
     *
     * @return whether there is one; not, when the time is over
     */
    boolean await(long sequence, Duration longest) throws InterruptedException;
}
