package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.line.Operands;
import brocker.client.line.Syntax;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import brocker.spec.Version;
import brocker.spec.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code version}: of the client and of the daemon. The client's is printed whether or not a daemon answers. */
public final class ShowVersion implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "version",
                "print the versions of client and daemon",
                List.of(),
                Operands.NONE,
                "brocker-client version");
    }

    @Override
    public int run(Session session) {
        Map<String, String> versions = new TreeMap<>(Map.of("client", Version.CURRENT));
        try {
            String daemon = Answer.object(session.daemon().get("/health")).text("version");
            versions.put("daemon", daemon);
        } catch (BrockerException e) {
            print(session, versions);
            throw e;
        }
        print(session, versions);
        return 0;
    }

    private static void print(Session session, Map<String, String> versions) {
        if (session.json()) {
            session.printJson(Json.write(versions));
            return;
        }
        versions.forEach((program, version) -> session.stdout()
                .println((program.equals("client") ? "brocker-client " : "brockerd ") + Escaped.of(version)));
    }
}
