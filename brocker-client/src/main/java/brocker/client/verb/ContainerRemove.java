package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import java.util.List;

/** {@code container remove}: remove ended containers and their directories, and print the name of each. */
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
            String whole = Answer.object(daemon.get("/containers/" + Daemon.segment(name)))
                    .containerName()
                    .value();
            daemon.delete("/containers/" + whole);
            session.stdout().println(whole);
        });
    }
}
