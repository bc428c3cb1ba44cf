package brocker.spec.wire;

import brocker.spec.Timespan;
import java.util.Optional;

/**
 * How to stop a container: {@code {"timeout": "30s"}}.
 *
 * @param timeout how long to wait before killing; the container's own {@code stop-timeout} where absent
 */
public record StopRequest(Optional<Timespan> timeout) {}
