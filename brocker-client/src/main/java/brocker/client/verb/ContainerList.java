package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.text.Age;
import brocker.client.text.Table;
import brocker.spec.Command;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code container list}: the containers of every service, its proxy among them. */
public final class ContainerList implements Verb {
    private static final Option ALL = Option.toggle("-a", "--all", "those that have ended, too");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container list",
                "list containers (also: ls, ps)",
                List.of(ALL),
                Operands.NONE,
                "brocker-client container list -a --format json");
    }

    @Override
    public int run(Session session) {
        String answer = session.daemon().get(session.arguments().has(ALL) ? "/containers?all=true" : "/containers");
        if (session.json()) {
            session.printJson(answer);
            return 0;
        }
        List<Answer> views = Answer.array(answer);
        session.stdout().print(session.quiet() ? names(views) : table(session, views));
        return 0;
    }

    private static String names(List<Answer> views) {
        StringBuilder names = new StringBuilder();
        for (Answer view : views) {
            names.append(view.containerName().value()).append('\n');
        }
        return names.toString();
    }

    private static String table(Session session, List<Answer> views) {
        Instant now = session.shell().clock().instant();
        Table table = new Table("NAME", "SERVICE", "STATE", "ADDRESS", "STARTED", "COMMAND");
        for (Answer view : views) {
            Optional<Instant> started = view.instant("started");
            List<String> command = view.texts("command");
            table.row(
                    view.containerName().abbreviated(),
                    view.text("service"),
                    state(view),
                    view.text("address"),
                    started.isPresent() ? Age.between(started.get(), now) : "-",
                    command.isEmpty() ? "-" : new Command(command).toString());
        }
        return table.text(session.shell().columns());
    }

    private static String state(Answer view) {
        String state = view.text("state");
        Optional<String> code = view.optionalText("exit-code");
        if (code.isPresent()) {
            return state + " (" + code.get()
                    + view.optionalText("reason")
                            .map(reason -> ", " + inShort(reason))
                            .orElse("") + ")";
        }
        return state.equals("running") && !view.flag("ready") ? "running (not ready)" : state;
    }

    /** Without the details, which {@code container inspect} shows. */
    private static String inShort(String reason) {
        int details = reason.indexOf(": ");
        return details < 0 ? reason : reason.substring(0, details);
    }
}
