package brocker.runtime;

import brocker.kernel.Fd;
import brocker.kernel.Spawn;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.Orders;
import brocker.runtime.process.ProcessLimits;
import brocker.spec.Command;
import java.util.List;
import java.util.Map;

/**
 * A command in a container: its first one, or one more by exec.
 *
 * @param env its whole environment
 * @param sockets handed to it as descriptors 3 and up; stay the caller's
 */
public record CommandPlan(
        Command command,
        Map<String, String> env,
        Credentials user,
        Privileges privileges,
        ProcessLimits limits,
        String workingDirectory,
        List<Fd> sockets) {
    public CommandPlan {
        env = Map.copyOf(env);
        sockets = List.copyOf(sockets);
    }

    /** Adds what {@code brocker-run} has to know of it. */
    void order(Orders orders) {
        limits.order(orders);
        orders.add("capabilities", privileges.capabilities().hex())
                .each("seccomp", privileges.filter().stream().toList())
                .add("user", user.uid(), user.gid())
                .each("group", user.groups())
                .add("working-directory", workingDirectory);
        env.forEach((name, value) -> orders.add("env", name + "=" + value));
        orders.each("argument", command.arguments());
        if (!sockets.isEmpty()) {
            orders.add("sockets", sockets.size());
        }
    }

    /** Hands its sockets to {@code brocker-run}. */
    Spawn pass(Spawn spawn) {
        Spawn with = spawn;
        for (int i = 0; i < sockets.size(); i++) {
            with = with.with(InitProgram.FIRST_SOCKET + i, sockets.get(i));
        }
        return with;
    }
}
