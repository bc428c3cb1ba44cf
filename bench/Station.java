import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * One of two distributions that are compared, with a daemon of its own in the namespaces that this process was started in. Takes one
 * measurement for each line on standard input, as {@link Beside} asks, and answers each with a line: numbers separated by spaces.
 */
final class Station {
    private final Daemon daemon;
    private final Tools tools;
    private final String program;
    private final Deque<String> running = new ArrayDeque<>();

    private Station(Path work, String group, String program) throws IOException, InterruptedException {
        this.daemon = new Daemon(work, group);
        this.tools = new Tools(work);
        this.program = program;
    }

    /** {@code WORK GROUP PROGRAM}: directory with the distribution and the tools, cgroup parent, what containers run. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Station station = new Station(Path.of(arguments[0]), arguments[1], arguments[2]);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            station.daemon.post("services", "{\"name\": \"bench\"}");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(station.measure(line));
            }
        } finally {
            station.leave();
        }
    }

    private String measure(String what) throws IOException, InterruptedException {
        return switch (what) {
            case "run" -> run();
            case "stop" -> number(stop());
            case "exec" -> number(tools.client("container", "exec", running.getFirst(), "true"));
            case "list" -> number(tools.client("container", "list"));
            case "memory" -> number(Tools.pss(daemon.pid()));
            default -> throw new IllegalArgumentException("cannot measure \"" + what + "\"");
        };
    }

    /** Milliseconds to exec as the daemon saw it, and to the answer. */
    private String run() throws IOException {
        Daemon.Answer answer = daemon.post(
                "containers", "{\"service-name\": \"bench\", \"command\": \"" + program + "\"}");
        running.addLast(answer.name());
        return number(answer.start()) + " " + number(answer.millis());
    }

    /** Milliseconds to the answer, of the container that runs longest. */
    private double stop() throws IOException {
        return daemon.post("containers/" + running.removeFirst() + "/stop", "{}").millis();
    }

    private void leave() throws IOException, InterruptedException {
        daemon.delete("services/bench");
        daemon.close();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
