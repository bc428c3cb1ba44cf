package brocker.spec.wire;

import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of state.
 *
 * <pre>{@code
 * {"sequence": 17, "at": "2026-11-23T19:25:26.123Z", "type": "container.exited", "service": "shop", "container": "5f0c…",
 *  "details": {"role": "replica", "ended": "2026-11-23T19:25:26.119Z", "exit-code": 137, "oom-kills": 1, "reason": "out of memory"}}
 * }</pre>
 *
 * @param sequence higher than that of every event before; not always by one
 * @param at when the daemon noted it
 * @param container the one that has changed; absent where it is the service
 */
public record Event(
        long sequence,
        Instant at,
        EventType type,
        ServiceName service,
        Optional<ContainerName> container,
        EventDetails details) {}
