package brocker.daemon.plan;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.ContainerRecord.Restarts;
import brocker.spec.RestartPolicy;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a container that has ended is started again under its name, and when; pure. A user's restart policy holds for what the user
 * ran: a replica or a proxy that ends by itself is replaced by another.
 *
 * @param record of a container that has ended
 * @param bootId of the present boot
 */
public record RestartRule(ContainerRecord record, String bootId) {
    private static final Duration STABLE = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 6;

    /** How long it rests before it is started again; empty where it is not. */
    public Optional<Duration> pause() {
        return switch (record.asked()) {
            case STOP -> Optional.empty();
            case RESTART -> Optional.of(Duration.ZERO);
            case NOTHING -> wanted() && !exhausted() ? Optional.of(backoff()) : Optional.empty();
        };
    }

    /** Whether its policy would have it started again, had it not failed so often. */
    public boolean exhausted() {
        return wanted()
                && record.asked() == Asked.NOTHING
                && policy().most().isPresent()
                && inRow() >= policy().most().getAsInt();
    }

    /** What is counted when it is started again now. */
    public Restarts next() {
        int inRow = record.asked() == Asked.RESTART ? 0 : inRow() + 1;
        return new Restarts(record.restarts().total() + 1, inRow);
    }

    private boolean wanted() {
        return record.role() == Role.APPLICATION
                && switch (policy().condition()) {
                    case NO -> false;
                    case ON_FAILURE -> failed();
                    case ALWAYS -> true;
                };
    }

    /** Ended by its own doing: that the host went down is no failure of the container. */
    private boolean failed() {
        boolean hostRestarted =
                record.start().filter(start -> !start.bootId().equals(bootId)).isPresent();
        return !hostRestarted && record.end().filter(end -> end.code() != 0).isPresent();
    }

    private Duration backoff() {
        Duration pause = FIRST.multipliedBy(1L << Math.min(inRow(), DOUBLINGS));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    private int inRow() {
        return lived().compareTo(STABLE) >= 0 ? 0 : record.restarts().inRow();
    }

    private Duration lived() {
        return record.start()
                .flatMap(start -> record.end().map(end -> Duration.between(start.at(), end.at())))
                .orElse(Duration.ZERO);
    }

    private RestartPolicy policy() {
        return record.spec().restartOrDefault();
    }
}
