package brocker.runtime;

import brocker.kernel.Fd;
import brocker.runtime.process.Credentials;
import brocker.spec.Command;
import java.util.List;
import java.util.Map;

/**
 * One more command in a running container.
 *
 * @param env the command's whole environment
 * @param sockets handed to the command as descriptors 3 and up; stay the caller's
 */
public record ExecPlan(
        Command command, Map<String, String> env, Credentials user, String workingDirectory, List<Fd> sockets) {
    public ExecPlan {
        env = Map.copyOf(env);
        sockets = List.copyOf(sockets);
    }
}
