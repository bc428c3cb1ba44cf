package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.text.Escaped;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceSpec;
import java.nio.file.Path;
import java.util.List;

/** {@code service add}: uploads the files that the template wants, and makes the service. */
public final class ServiceAdd implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "service add",
                "make a service: bridge, proxy and, with a template, replicas",
                List.of(),
                Operands.FILE,
                "brocker-client service add shop.json");
    }

    @Override
    public int run(Session session) {
        SpecFile file = SpecFile.read(Path.of(session.arguments().operand(0)));
        ServiceSpec spec = file.parse(ServiceSpec.class);
        Daemon daemon;
        if (spec.container().isPresent()) {
            ContainerSpec template = file.withProfile(spec.container().get());
            List<Path> files = file.filesToCopy(template);
            daemon = session.daemon();
            spec = spec.withContainer(file.uploaded(template, files, daemon, session.progress()));
        } else {
            daemon = session.daemon();
        }
        String answer = daemon.post("/services", spec);
        if (session.json()) {
            session.printJson(answer);
        } else {
            Answer view = Answer.object(answer);
            session.stdout().println(Escaped.of(session.quiet() ? view.text("name") : standing(view)));
        }
        return 0;
    }

    private static String standing(Answer view) {
        List<String> published = view.texts("publish");
        return view.text("name") + ": bridge " + view.text("bridge") + ", address " + view.text("address")
                + (published.isEmpty() ? ", not published" : ", published at " + String.join(", ", published));
    }
}
