package brocker.spec.wire;

/** How many replicas a service is to have: {@code {"replicas": 5}}. */
public record ScaleRequest(int replicas) {}
