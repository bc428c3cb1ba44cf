package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.text.Table;
import brocker.spec.ContainerName;
import brocker.spec.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code container stats}: what running containers take of the host, on a terminal again every second until it is interrupted. */
public final class ContainerStats implements Verb {
    private static final Option NO_STREAM = Option.toggle("", "--no-stream", "look once");
    private static final Operands NAMES = new Operands("[NAME...]", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Long enough for a share of the processors, short enough for one who waits for the only look. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final String CLEAR = "\u001b[2J";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container stats",
                "show what running containers take of the host",
                List.of(NO_STREAM),
                NAMES,
                "brocker-client container stats --no-stream");
    }

    @Override
    public int run(Session session) {
        Daemon daemon = session.daemon();
        List<String> wanted = session.arguments().operands();
        Map<ContainerName, Look> earlier = new LinkedHashMap<>();
        int code = 0;
        if (wanted.isEmpty()) {
            earlier.putAll(all(daemon));
        } else {
            code = EachName.run(session, name -> {
                String answer = daemon.get("/containers/" + Daemon.segment(name) + "/stats");
                Look look = Look.of(Answer.object(answer));
                earlier.put(look.name(), look);
            });
            if (earlier.isEmpty()) {
                return code;
            }
        }
        Set<ContainerName> chosen = new HashSet<>(earlier.keySet());
        boolean live = session.shell().terminals().is(1)
                && !session.json()
                && !session.arguments().has(NO_STREAM);
        pause(FIRST);
        if (live) {
            session.stdout().print(CLEAR);
        }
        Map<ContainerName, Look> before = earlier;
        while (true) {
            Map<ContainerName, Look> now = all(daemon);
            if (!wanted.isEmpty()) {
                now.keySet().retainAll(chosen);
            }
            print(session, before, now, live);
            if (!live) {
                return code;
            }
            before = now;
            pause(EVERY);
        }
    }

    private static Map<ContainerName, Look> all(Daemon daemon) {
        Map<ContainerName, Look> looks = new LinkedHashMap<>();
        for (Answer answer : Answer.array(daemon.get("/stats"))) {
            Look look = Look.of(answer);
            looks.put(look.name(), look);
        }
        return looks;
    }

    /** A container that was not there before shows its share at the next look. */
    private static void print(
            Session session, Map<ContainerName, Look> before, Map<ContainerName, Look> now, boolean live) {
        if (session.json()) {
            List<Map<String, Object>> members = new ArrayList<>();
            now.forEach((name, look) -> members.add(look.json(before.getOrDefault(name, look))));
            session.printJson(Json.write(members));
            return;
        }
        Table table = new Table(Look.COLUMNS);
        now.forEach((name, look) -> table.row(look.row(before.getOrDefault(name, look))));
        String text = table.text(session.shell().columns());
        session.stdout().print(live ? HOME + text.replace("\n", REST_OF_LINE + "\n") + REST_OF_SCREEN : text);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two looks", e);
        }
    }
}
