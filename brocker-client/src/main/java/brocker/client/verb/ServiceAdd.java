package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.spec.ContainerSpec;
import brocker.spec.Escaped;
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
        Daemon daemon = session.daemon();
        String answer = daemon.post("/services", uploaded(session, daemon));
        if (session.json()) {
            session.printJson(answer);
        } else {
            Answer view = Answer.object(answer);
            session.stdout().println(Escaped.of(session.quiet() ? view.text("name") : standing(view)));
            warn(session, view);
        }
        return 0;
    }

    /** What the file says, with what goes with it at the daemon. */
    static ServiceSpec uploaded(Session session, Daemon daemon) {
        SpecFile file = SpecFile.read(Path.of(session.arguments().operand(0)));
        ServiceSpec spec = file.withCertificates(file.parse(ServiceSpec.class));
        if (spec.container().isEmpty()) {
            return spec;
        }
        ContainerSpec template = file.withProfile(spec.container().get());
        List<Path> files = file.filesToCopy(template);
        return spec.withContainer(file.uploaded(template, files, daemon, session.progress()));
    }

    private static String standing(Answer view) {
        List<String> published = view.texts("publish");
        List<String> hosts = view.texts("hosts");
        return view.text("name") + ": bridge " + view.text("bridge") + ", address " + view.text("address")
                + (published.isEmpty() ? ", not published" : ", published at " + String.join(", ", published))
                + (hosts.isEmpty() ? "" : " as " + String.join(", ", hosts));
    }

    /** Says what clients will object to. */
    static void warn(Session session, Answer view) {
        view.texts("warnings").forEach(warning -> session.shell().stderr().println("warning: " + Escaped.of(warning)));
    }
}
