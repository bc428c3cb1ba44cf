package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.text.Output;
import brocker.spec.ContainerName;
import brocker.spec.Escaped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Prints events as they come: a line of columns each, or the daemon's JSON. */
final class EventPrinter {
    /** Those that are not columns of their own, in this order; a newer daemon's others are in the JSON. */
    private static final List<String> DETAILS = List.of("role", "pid", "restarts", "exit-code", "oom-kills", "reason");

    private static final List<String> LIMITS = List.of("memory", "cpus", "cpuset", "pids");

    private final Output stdout;
    private final boolean json;
    private boolean begun;

    EventPrinter(Output stdout, boolean json) {
        this.stdout = stdout;
        this.json = json;
    }

    /**
     * Prints one.
     *
     * @param data its JSON
     */
    void print(String data) {
        if (json) {
            stdout.println(Escaped.json(data));
            return;
        }
        if (!begun) {
            stdout.println(line("TIME", "SEQUENCE", "TYPE", "SERVICE", "CONTAINER", "DETAILS"));
            begun = true;
        }
        Answer event = Answer.object(data);
        stdout.println(line(
                event.instant("at").map(EventPrinter::time).orElse("-"),
                event.text("sequence"),
                event.text("type"),
                event.text("service"),
                event.optionalText("container")
                        .map(name -> new ContainerName(name).abbreviated())
                        .orElse("-"),
                event.optionalObject("details").map(EventPrinter::details).orElse("")));
    }

    /** What is wider than its column moves the rest of its line. */
    private static String line(String time, String sequence, String type, String service, String name, String rest) {
        StringBuilder line = new StringBuilder(128);
        column(line, time, 24);
        column(line, sequence, 8);
        column(line, type, 20);
        column(line, service, 12);
        column(line, name, 12);
        return line.append(rest).toString().stripTrailing();
    }

    private static void column(StringBuilder line, String text, int width) {
        String shown = Escaped.of(text);
        line.append(shown).repeat(' ', Math.max(0, width - shown.length()) + 3);
    }

    /** With milliseconds, in UTC. */
    private static String time(Instant at) {
        String second = Instant.ofEpochSecond(at.getEpochSecond()).toString();
        String millis = String.valueOf(1000 + at.getNano() / 1_000_000).substring(1);
        return second.substring(0, second.length() - 1) + "." + millis + "Z";
    }

    private static String details(Answer details) {
        StringBuilder text = new StringBuilder();
        append(text, details, DETAILS);
        details.optionalObject("limits").ifPresent(limits -> append(text, limits, LIMITS));
        return text.toString();
    }

    private static void append(StringBuilder text, Answer from, List<String> keys) {
        for (String key : keys) {
            Optional<String> value = from.optionalText(key).map(Escaped::of);
            if (value.isPresent()) {
                boolean words = value.get().indexOf(' ') >= 0;
                text.append(text.isEmpty() ? "" : " ").append(key).append('=');
                text.append(words ? '"' + value.get() + '"' : value.get());
            }
        }
    }
}
