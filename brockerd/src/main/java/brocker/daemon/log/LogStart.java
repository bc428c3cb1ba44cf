package brocker.daemon.log;

import java.time.Instant;
import java.util.Optional;

/** Where reading a log begins. */
public sealed interface LogStart {
    /**
     * With the last lines, or with the first one of a time, whichever comes later. A long line's parts are one line.
     *
     * @param tail how many lines; all where absent
     * @param since of this time or later; any where absent
     */
    record Lines(Optional<Integer> tail, Optional<Instant> since) implements LogStart {}

    /** With what follows a position that an earlier reader was told. */
    record After(LogPosition position) implements LogStart {}
}
