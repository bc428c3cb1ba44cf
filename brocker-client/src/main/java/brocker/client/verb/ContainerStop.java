package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.Timespan;
import brocker.spec.wire.StopRequest;
import java.util.List;

/**
 * {@code container stop} and {@code container restart}: ends containers in an orderly way, where asked for starts them once more, and
 * prints the name of each that has ended or runs again.
 *
 * @param word the verb's and the route's name
 * @param does what it does
 */
public record ContainerStop(String word, String does) implements Verb {
    private static final Option TIMEOUT =
            Option.valued("--timeout", "D", "kill after this long, such as \"30s\" (the container's \"stop-timeout\")");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container " + word,
                does,
                List.of(TIMEOUT),
                Operands.NAMES,
                "brocker-client container " + word + " --timeout 30s 5f0c9a");
    }

    @Override
    public int run(Session session) {
        StopRequest request;
        try {
            request = new StopRequest(session.arguments().value(TIMEOUT).map(Timespan::parse));
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage("--timeout: " + e.message(), e.hint().orElse(""));
        }
        Daemon daemon = session.daemon();
        return EachName.run(session, name -> {
            String answer = daemon.post("/containers/" + Daemon.segment(name) + "/" + word, request);
            session.stdout().println(Answer.object(answer).containerName().value());
        });
    }
}
