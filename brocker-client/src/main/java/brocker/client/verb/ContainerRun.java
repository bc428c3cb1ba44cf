package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.spec.ContainerSpec;
import java.nio.file.Path;
import java.util.List;

/** {@code container run}: uploads the files that the container wants, and starts it. */
public final class ContainerRun implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "container run",
                "run a container in a service, print its name",
                List.of(),
                Operands.FILE,
                "brocker-client container run shop-container.json");
    }

    @Override
    public int run(Session session) {
        SpecFile file = SpecFile.read(Path.of(session.arguments().operand(0)));
        ContainerSpec spec = file.withProfile(file.parse(ContainerSpec.class));
        var _ = spec.service();
        List<Path> files = file.filesToCopy(spec);
        Daemon daemon = session.daemon();
        String answer = daemon.post("/containers", file.uploaded(spec, files, daemon, session.progress()));
        if (session.json()) {
            session.printJson(answer);
        } else {
            session.stdout().println(Answer.object(answer).containerName().value());
        }
        return 0;
    }
}
