package brocker.spec.wire;

import java.util.Optional;

/**
 * How an exec session ended: with the command's exit code (128 + n for signal n), or with the problem that kept it from starting.
 *
 * <pre>{@code {"code": 0} }</pre>
 */
public record ExecResult(Optional<Integer> code, Optional<Problem> problem) {
    public static ExecResult exited(int code) {
        return new ExecResult(Optional.of(code), Optional.empty());
    }

    public static ExecResult failed(Problem problem) {
        return new ExecResult(Optional.empty(), Optional.of(problem));
    }
}
