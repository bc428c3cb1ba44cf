package brocker.spec.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One more command in a running container: {@code {"command": ["/bin/ls", "/app"]}}.
 *
 * @param env added to the container's own environment
 * @param user as in a container file; the container's user where absent
 * @param stdin whether the client will send input; without it the command finds its input at its end
 */
public record ExecRequest(
        List<String> command,
        Map<String, String> env,
        Optional<String> user,
        Optional<String> workingDirectory,
        boolean stdin) {
    public ExecRequest {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }
}
