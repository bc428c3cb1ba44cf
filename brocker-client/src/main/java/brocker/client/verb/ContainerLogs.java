package brocker.client.verb;

import brocker.client.line.Operands;
import brocker.client.line.Syntax;

/**
 * {@code container logs}: what a container wrote, its stdout to stdout and its stderr to stderr; with {@code -f} what it writes, until it
 * has ended and is not started again, also over a restart of the daemon.
 */
public final class ContainerLogs implements Verb {
    @Override
    public Syntax syntax() {
        return new Syntax(
                "container logs",
                "print what a container wrote, or follow what it writes",
                LogOptions.ALL,
                Operands.NAME,
                "brocker-client container logs -f --tail 100 5f0c9a");
    }

    @Override
    public int run(Session session) {
        LogOptions options = LogOptions.of(session.arguments());
        LogPrinter printer = new LogPrinter(session.shell(), options.timestamps());
        Absence absence = new Absence(session, "the log goes on");
        new LogStream(session, absence, session.arguments().operand(0), options).read(printer);
        return 0;
    }
}
