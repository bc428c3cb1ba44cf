package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.daemon.DaemonAddress;
import brocker.client.daemon.Token;
import brocker.client.line.Arguments;
import brocker.client.line.Option;
import brocker.client.line.WrongUsage;
import brocker.client.text.Output;
import brocker.client.text.PrettyJson;
import brocker.client.text.Progress;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import brocker.spec.Nearest;
import java.util.List;
import java.util.Optional;

/** One run of one verb: what the user said, where the daemon is, and where words go. */
public final class Session {
    private static final List<String> FORMATS = List.of("table", "json");

    private final Shell shell;
    private final Arguments arguments;
    private final boolean json;
    private final DaemonAddress address;

    /**
     * A run of a verb with the arguments that were given.
     *
     * @throws WrongUsage when a global option, or {@code BROCKER_HOST}, has a value that cannot be
     */
    public Session(Shell shell, Arguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
        String format = arguments.value(Option.FORMAT).orElse("table");
        if (!FORMATS.contains(format)) {
            String hint = Nearest.to(format, FORMATS)
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("write \"table\" or \"json\"");
            throw new WrongUsage("unknown format \"" + format + "\"", hint);
        }
        this.json = format.equals("json");
        String host = shell.env().getOrDefault("BROCKER_HOST", "");
        String given = arguments.value(Option.HOST).orElse(host);
        this.address = given.isEmpty() ? DaemonAddress.standard(token()) : DaemonAddress.parse(given);
    }

    public Shell shell() {
        return shell;
    }

    public Arguments arguments() {
        return arguments;
    }

    /** Whether the answer is wanted as JSON. */
    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return arguments.has(Option.QUIET);
    }

    public DaemonAddress address() {
        return address;
    }

    public Daemon daemon() {
        String fromEnv = shell.env().getOrDefault("BROCKER_CA_FILE", "");
        return new Daemon(
                address,
                arguments.value(Option.CA_FILE).orElse(fromEnv),
                token(),
                arguments.has(Option.VERBOSE) ? Optional.of(shell.stderr()) : Optional.empty());
    }

    public Output stdout() {
        return shell.stdout();
    }

    /** Follows uploads where somebody watches. */
    public Progress progress() {
        return new Progress(shell.stderr(), !quiet() && shell.terminals().is(2));
    }

    /** Prints what the daemon sent, indented. */
    public void printJson(String text) {
        String pretty;
        try {
            pretty = PrettyJson.of(text);
        } catch (tools.jackson.core.JacksonException e) {
            throw new BrockerException.Host(
                    "unexpected-answer",
                    "the daemon's answer is not JSON: " + e.getOriginalMessage(),
                    "is it brockerd?");
        }
        stdout().println(pretty);
    }

    /** Tells a failure: {@code error: …} and, where there is something to do, {@code hint: …}. */
    public static void tell(Output stderr, String message, String hint) {
        stderr.println("error: " + Escaped.of(message));
        if (!hint.isEmpty()) {
            stderr.println("hint: " + Escaped.of(hint));
        }
    }

    private Token token() {
        Optional<String> file = arguments.value(Option.TOKEN_FILE);
        String literal = shell.env().getOrDefault("BROCKER_TOKEN", "");
        if (file.isEmpty() && !literal.isEmpty()) {
            return new Token.Literal(literal);
        }
        String fromEnv = shell.env().getOrDefault("BROCKER_TOKEN_FILE", "");
        String named = file.orElse(fromEnv);
        return named.isEmpty() ? Token.InFile.STANDARD : new Token.InFile(named);
    }
}
