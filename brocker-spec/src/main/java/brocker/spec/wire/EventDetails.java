package brocker.spec.wire;

import brocker.spec.ContainerLimits;
import java.time.Instant;
import java.util.Optional;

/**
 * What an event says besides its type.
 *
 * @param role of the container
 * @param revision that the service changes to; with {@code service.deploying}, {@code .deployed} and {@code .failed}
 * @param pid of its PID 1, seen from the host; with {@code container.started}
 * @param restarts how often it was started again, this time included; with {@code container.restarting}
 * @param limits those that it has now, as they were written; with {@code container.updated}
 * @param ended when it ended, which the daemon may note later; with {@code container.exited}, as what follows
 * @param exitCode 0 to 255, 128 + n when signal n ended it
 * @param oomKills how many of its processes the kernel killed for lack of memory; with {@code container.oom}, too
 * @param reason where something is to be said
 */
public record EventDetails(
        Optional<Role> role,
        Optional<Integer> revision,
        Optional<Integer> pid,
        Optional<Integer> restarts,
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
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public static EventDetails of(Role role) {
        return NONE.with(Optional.of(role), NONE.pid, NONE.restarts, NONE.limits);
    }

    /** Of a revision; an empty reason is not told. */
    public static EventDetails ofRevision(int number, String why) {
        Optional<String> told = why.isEmpty() ? Optional.empty() : Optional.of(why);
        return new EventDetails(
                NONE.role,
                Optional.of(number),
                NONE.pid,
                NONE.restarts,
                NONE.limits,
                NONE.ended,
                NONE.exitCode,
                NONE.oomKills,
                told);
    }

    /** Of something that could not be done. */
    public static EventDetails ofFault(String why) {
        return new EventDetails(
                NONE.role,
                NONE.revision,
                NONE.pid,
                NONE.restarts,
                NONE.limits,
                NONE.ended,
                NONE.exitCode,
                NONE.oomKills,
                Optional.of(why));
    }

    public EventDetails withPid(int number) {
        return with(role, Optional.of(number), restarts, limits);
    }

    public EventDetails withLimits(ContainerLimits written) {
        return with(role, pid, restarts, Optional.of(written));
    }

    public EventDetails withRestarts(int number) {
        return with(role, pid, Optional.of(number), limits);
    }

    /** None is not told. */
    public EventDetails withOomKills(long kills) {
        Optional<Long> told = kills > 0 ? Optional.of(kills) : Optional.empty();
        return new EventDetails(role, revision, pid, restarts, limits, ended, exitCode, told, reason);
    }

    /** An empty reason is not told. */
    public EventDetails withEnd(Instant at, int code, String why) {
        Optional<String> told = why.isEmpty() ? Optional.empty() : Optional.of(why);
        return new EventDetails(
                role, revision, pid, restarts, limits, Optional.of(at), Optional.of(code), oomKills, told);
    }

    /** Ignores an empty reason. */
    public EventDetails withReason(String why) {
        Optional<String> newReason = why.isEmpty() ? Optional.empty() : Optional.of(why);
        return new EventDetails(role, revision, pid, restarts, limits, ended, exitCode, oomKills, newReason);
    }

    private EventDetails with(
            Optional<Role> newRole,
            Optional<Integer> newPid,
            Optional<Integer> newRestarts,
            Optional<ContainerLimits> newLimits) {
        return new EventDetails(newRole, revision, newPid, newRestarts, newLimits, ended, exitCode, oomKills, reason);
    }
}
