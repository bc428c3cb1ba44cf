package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import java.util.List;

/** {@code service inspect}: one JSON object for each name. */
public final class ServiceInspect implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "service inspect",
                "print everything about services, as JSON",
                List.of(),
                Operands.NAMES,
                "brocker-client service inspect shop");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> session.printJson(daemon.get("/services/" + Daemon.segment(name))));
    }
}
