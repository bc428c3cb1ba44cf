package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code container inspect} and {@code service inspect}: the JSON object of one name, and of several names an array of those that there
 * are.
 *
 * @param noun what the names are of, {@code container} or {@code service}
 * @param example such a name
 */
public record Inspect(String noun, String example) implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                noun + " inspect",
                "print everything about " + noun + "s, as JSON (of several, an array)",
                List.of(),
                Operands.NAMES,
                "brocker-client " + noun + " inspect " + example);
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        List<String> objects = new ArrayList<>();
        int code = EachName.run(session, name -> objects.add(daemon.get("/" + noun + "s/" + Daemon.segment(name))));
        if (session.arguments().operands().size() > 1) {
            session.printJson("[" + String.join(",", objects) + "]");
        } else {
            objects.forEach(session::printJson);
        }
        return code;
    }
}
