package brocker.spec.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first message, text, of an exec session: {@code {"command": ["/bin/ls", "/app"]}}.
 *
 * @param env added to the container's own environment
 * @param user as in a container file; the container's user where absent
 */
public record ExecRequest(
        List<String> command, Map<String, String> env, Optional<String> user, Optional<String> workingDirectory) {
    public ExecRequest {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }
}
