package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import java.util.List;

/** {@code container inspect}: one JSON object for each name. */
public final class ContainerInspect implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "container inspect",
                "print everything about containers, as JSON",
                List.of(),
                Operands.NAMES,
                "brocker-client container inspect 5f0c9a");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> session.printJson(daemon.get("/containers/" + Daemon.segment(name))));
    }
}
