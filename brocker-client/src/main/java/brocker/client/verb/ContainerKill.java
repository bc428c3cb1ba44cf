package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.Signal;
import brocker.spec.wire.KillRequest;
import java.util.List;

/** {@code container kill}: sends a signal to the commands of containers at once, and prints the name of each. */
public final class ContainerKill implements Verb {
    private static final Option SIGNAL = Option.valued("--signal", "S", "which one, such as HUP (SIGKILL)");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container kill",
                "send a signal to containers",
                List.of(SIGNAL),
                Operands.NAMES,
                "brocker-client container kill --signal HUP 5f0c9a");
    }

    @Override
    public int run(Session session) {
        KillRequest request;
        try {
            request = new KillRequest(session.arguments().value(SIGNAL).map(Signal::parse));
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage("--signal: " + e.message(), e.hint().orElse(""));
        }
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> {
            String answer = daemon.post("/containers/" + Daemon.segment(name) + "/kill", request);
            session.stdout().println(Answer.object(answer).containerName().value());
        });
    }
}
