package brocker.spec.wire;

/**
 * How the command of an exec session ended: {@code {"code": 0}}.
 *
 * @param code 0 to 255, 128 + n when signal n ended it
 */
public record ExecResult(int code) {}
