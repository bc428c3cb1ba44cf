package brocker.spec.wire;

/** What {@code GET /api/v1/health} says: {@code {"status": "ok", "version": "0.1.0", "services": 2, "containers": 7}}. */
public record DaemonHealth(String status, String version, int services, int containers) {}
