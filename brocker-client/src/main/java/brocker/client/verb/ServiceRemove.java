package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.spec.Escaped;
import java.util.List;

/** {@code service remove}: remove a service with its containers. */
public final class ServiceRemove implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "service remove",
                "remove a service with its containers (also: rm)",
                List.of(),
                Operands.NAME,
                "brocker-client service remove shop");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> {
            daemon.delete("/services/" + Daemon.segment(name));
            session.stdout().println(Escaped.of(name));
        });
    }
}
