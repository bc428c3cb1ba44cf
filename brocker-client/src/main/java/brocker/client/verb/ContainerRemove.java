package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.client.text.Escaped;
import java.util.List;

/** {@code container remove}: remove ended containers and their directories. */
public final class ContainerRemove implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "container remove",
                "remove ended containers and their directories (also: rm)",
                List.of(),
                Operands.NAMES,
                "brocker-client container remove 5f0c9a");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> {
            daemon.delete("/containers/" + Daemon.segment(name));
            session.stdout().println(Escaped.of(name));
        });
    }
}
