package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Operands;
import brocker.client.line.Option;
import brocker.client.line.Syntax;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** {@code container logs}: what a container wrote, its stdout to stdout and its stderr to stderr. */
public final class ContainerLogs implements Verb {
    private static final Option TAIL = Option.valued("--tail", "N", "only the last N lines");
    private static final Option TIMESTAMPS = Option.toggle("", "--timestamps", "begin each line with its time (UTC)");

    @Override
    public Syntax syntax() {
        return new Syntax(
                "container logs",
                "print what a container wrote",
                List.of(TAIL, TIMESTAMPS),
                Operands.NAME,
                "brocker-client container logs --tail 100 5f0c9a");
    }

    @Override
    public int run(Session session) {
        Optional<String> tail = session.arguments().value(TAIL);
        tail.ifPresent(ContainerLogs::requireCount);
        String path = "/containers/" + Daemon.segment(session.arguments().operand(0)) + "/logs"
                + tail.map(count -> "?tail=" + count).orElse("");
        LogPrinter printer = new LogPrinter(
                session.stdout(), session.shell().stderr(), session.arguments().has(TIMESTAMPS));
        try (InputStream log = session.daemon().open(path)) {
            byte[] chunk = new byte[64 << 10];
            int count;
            while ((count = log.read(chunk)) > 0) {
                printer.take(chunk, count);
            }
        } catch (IOException e) {
            throw new BrockerException.Unreachable(
                    "connection-lost", "the connection to the daemon was lost: " + e.getMessage(), "");
        }
        printer.end();
        return 0;
    }

    private static void requireCount(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new WrongUsage("--tail: \"" + text + "\" is not a number of lines", "write a whole number");
        }
    }
}
