package brocker.conformance;

import brocker.conformance.load.Echoes;
import brocker.conformance.load.Events;
import brocker.conformance.load.Requests;
import brocker.conformance.load.Visitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who sends requests to {@code examples/hello} while it changes. */
final class UptimeClients {
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final int OF_EACH = 4;
    private static final String BODY = "x".repeat(1000);

    private UptimeClients() {}

    static List<Visitor> all() {
        List<Visitor> all = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            all.add(get("GET, a connection each", false, OFTEN));
            all.add(post("POST 1 kB, a connection each", false));
            all.add(get("GET, kept connection", true, OFTEN));
            all.add(post("POST 1 kB, kept connection", true));
        }
        for (int i = 0; i < OF_EACH / 2; i++) {
            all.add(slow("2 s answer, a connection each", false));
            all.add(slow("2 s answer, kept connection", true));
            all.add(get("GET once a second, kept connection", true, Duration.ofSeconds(1)));
            all.add(get("GET every 5 s, kept connection", true, Duration.ofSeconds(5)));
            all.add(new Events("server-sent events, 1.5 s", "/events?count=11&millis=150", 11, OFTEN));
            all.add(new Echoes("WebSocket, 1.5 s of echoes", "/socket", 10, Duration.ofMillis(150), OFTEN));
        }
        return all;
    }

    private static Requests get(String kind, boolean keeps, Duration rest) {
        return new Requests(kind, "GET", "/", "", "\"container\"", keeps, true, rest);
    }

    private static Requests post(String kind, boolean keeps) {
        return new Requests(kind, "POST", "/echo", BODY, BODY, keeps, true, OFTEN);
    }

    private static Requests slow(String kind, boolean keeps) {
        return new Requests(kind, "GET", "/slow?millis=2000", "", "slept 2000 ms", keeps, false, OFTEN);
    }
}
