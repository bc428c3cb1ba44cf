package brocker.client.verb;

import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import java.util.List;
import java.util.Optional;

/** {@code container exec}: one more command in a running container; its exit code becomes ours. */
public final class ContainerExec implements Verb {
    private static final Option INTERACTIVE = Option.toggle("-i", "--interactive", "give stdin to the command");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container exec",
                "run one more command in a running container",
                List.of(INTERACTIVE),
                Operands.NAME_AND_COMMAND,
                "brocker-client container exec 5f0c9a ls -l /app");
    }

    @Override
    public int run(Session session) {
        List<String> operands = session.arguments().operands();
        List<String> command = operands.subList(1, operands.size());
        if (command.getFirst().isEmpty()) {
            throw new WrongUsage("the command is empty", "usage: " + syntax().synopsis());
        }
        boolean interactive = session.arguments().has(INTERACTIVE);
        return session.daemon()
                .exec(operands.getFirst())
                .run(
                        command,
                        interactive ? Optional.of(session.shell().stdin()) : Optional.empty(),
                        session.stdout(),
                        session.shell().stderr());
    }
}
