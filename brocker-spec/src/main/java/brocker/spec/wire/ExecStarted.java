package brocker.spec.wire;

/**
 * A session that waits for its streams: {@code {"id": "8d1e…"}}.
 *
 * @param id names it in {@code /api/v1/exec/{id}/output} and {@code /api/v1/exec/{id}/stdin}
 */
public record ExecStarted(String id) {}
