package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.ContainerSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code container run}: uploads the files that the container wants, and starts it; with {@code --attach} this program then stands in its
 * command's place.
 */
public final class ContainerRun implements Verb {
    private static final Option ATTACH = Option.toggle(
            "", "--attach", "print what it writes, give it Ctrl-C, exit with its code when it has ended for good");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container run",
                "run a container in a service, print its name",
                List.of(ATTACH),
                Operands.FILE,
                "brocker-client container run shop-container.json");
    }

    @Override
    public int run(Session session) {
        boolean attached = session.arguments().has(ATTACH);
        if (attached && session.json()) {
            throw new WrongUsage(
                    "--attach prints what the container writes, which is not JSON", "leave one of them out");
        }
        SpecFile file = SpecFile.read(Path.of(session.arguments().operand(0)));
        ContainerSpec spec = file.withProfile(file.parse(ContainerSpec.class));
        var _ = spec.service();
        List<Path> files = file.filesToCopy(spec);
        Daemon daemon = session.daemon();
        String answer = daemon.post("/containers", file.uploaded(spec, files, daemon, session.progress()));
        if (attached) {
            return new Attachment(session, Answer.object(answer).containerName()).run();
        }
        if (session.json()) {
            session.printJson(answer);
        } else {
            session.stdout().println(Answer.object(answer).containerName().value());
        }
        return 0;
    }
}
