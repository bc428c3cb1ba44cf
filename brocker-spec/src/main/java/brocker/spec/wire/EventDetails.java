package brocker.spec.wire;

import brocker.spec.ContainerLimits;
import java.time.Instant;
import java.util.Optional;

/**
 * What an event says besides its type.
 *
 * @param role of the container
 * @param pid of its PID 1, seen from the host; with {@code container.started}
 * @param limits those that it has now, as they were written; with {@code container.updated}
 * @param ended when it ended, which the daemon may note later; with {@code container.exited}, as what follows
 * @param exitCode 0 to 255, 128 + n when signal n ended it
 * @param oomKills how many of its processes the kernel killed for lack of memory; with {@code container.oom}, too
 * @param reason where something is to be said
 */
public record EventDetails(
        Optional<Role> role,
        Optional<Integer> pid,
        Optional<ContainerLimits> limits,
        Optional<Instant> ended,
        Optional<Integer> exitCode,
        Optional<Long> oomKills,
        Optional<String> reason) {
    public static final EventDetails NONE = new EventDetails(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public static EventDetails of(Role role) {
        return new EventDetails(
                Optional.of(role), NONE.pid, NONE.limits, NONE.ended, NONE.exitCode, NONE.oomKills, NONE.reason);
    }

    public EventDetails withPid(int number) {
        return new EventDetails(role, Optional.of(number), limits, ended, exitCode, oomKills, reason);
    }

    public EventDetails withLimits(ContainerLimits written) {
        return new EventDetails(role, pid, Optional.of(written), ended, exitCode, oomKills, reason);
    }

    /** None is not told. */
    public EventDetails withOomKills(long kills) {
        Optional<Long> told = kills > 0 ? Optional.of(kills) : Optional.empty();
        return new EventDetails(role, pid, limits, ended, exitCode, told, reason);
    }

    /** An empty reason is not told. */
    public EventDetails withEnd(Instant at, int code, String why) {
        Optional<String> told = why.isEmpty() ? Optional.empty() : Optional.of(why);
        return new EventDetails(role, pid, limits, Optional.of(at), Optional.of(code), oomKills, told);
    }
}
