package brocker.spec.wire;

import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A container as its users see it.
 *
 * <pre>{@code
 * {"name": "5f0c…", "service": "shop", "role": "replica", "revision": 3, "state": "running", "ready": true, "health": "healthy", "address": "10.0.1.3",
 *  "interface": "veth7", "pid": 4711, "command": ["/usr/bin/java", "-jar", "/app/shop.jar"],
 *  "limits": {"memory": "512m", "pids": 4096},
 *  "created": "2026-11-23T19:25:26.123Z", "started": "2026-11-23T19:25:26.131Z", "restarts": 0}
 * }</pre>
 *
 * @param revision of the service's template that a replica was started from
 * @param ready whether the proxy sends it requests
 * @param health by its health check, while it lives; the proxy has none
 * @param hostInterface the host's end of the veth pair
 * @param pid the process id, seen from the host, of its PID 1; absent once it has ended
 * @param exitCode 0 to 255, 128 + n when signal n ended it; absent while it lives
 * @param oomKills how many of its processes the kernel killed for lack of memory, absent where none; of a living one only where it
 *     alone was asked for
 * @param lostLines how many lines of its log a full disk cost, absent where none; only where it alone was asked for and has ended
 * @param restarts how often it was started again
 * @param reason why it is not ready, or how it ended, in a few words
 */
public record ContainerView(
        ContainerName name,
        ServiceName service,
        Role role,
        Optional<Integer> revision,
        ContainerState state,
        boolean ready,
        Optional<HealthState> health,
        String address,

        @com.fasterxml.jackson.annotation.JsonProperty("interface")
        String hostInterface,

        Optional<Integer> pid,
        List<String> command,
        ContainerLimits limits,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Integer> exitCode,
        Optional<Long> oomKills,
        Optional<Long> lostLines,
        int restarts,
        Optional<String> reason) {
    public ContainerView {
        command = List.copyOf(command);
    }

    /** The same with the number of processes that were killed for lack of memory. */
    public ContainerView withOomKills(long kills) {
        return with(positive(kills), lostLines);
    }

    /** The same with the number of lines of its log that a full disk cost. */
    public ContainerView withLostLines(long lines) {
        return with(oomKills, positive(lines));
    }

    private static Optional<Long> positive(long number) {
        return number > 0 ? Optional.of(number) : Optional.empty();
    }

    private ContainerView with(Optional<Long> kills, Optional<Long> lines) {
        return new ContainerView(
                name,
                service,
                role,
                revision,
                state,
                ready,
                health,
                address,
                hostInterface,
                pid,
                command,
                limits,
                created,
                started,
                ended,
                exitCode,
                kills,
                lines,
                restarts,
                reason);
    }
}
