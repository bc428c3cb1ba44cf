package brocker.spec.wire;

import brocker.spec.Signal;
import java.util.Optional;

/**
 * What to send to a container's command: {@code {"signal": "SIGHUP"}}.
 *
 * @param signal {@code SIGKILL} where absent
 */
public record KillRequest(Optional<Signal> signal) {}
