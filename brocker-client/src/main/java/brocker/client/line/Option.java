package brocker.client.line;

import java.util.List;

/**
 * An option that a verb, or every verb, takes.
 *
 * @param brief one letter with its hyphen, such as {@code -q}; empty where there is none
 * @param name the long name with its hyphens
 * @param value what help calls the value, such as {@code FILE}; empty for a switch
 */
public record Option(String brief, String name, String value, String description) {
    public static final Option HOST = new Option(
            "", "--host", "URL", "where the daemon listens (BROCKER_HOST; unix:///run/brocker/brockerd.sock)");
    public static final Option TOKEN_FILE = new Option(
            "",
            "--token-file",
            "FILE",
            "the token that its port asks for (BROCKER_TOKEN, BROCKER_TOKEN_FILE; /run/brocker/token)");
    public static final Option CA_FILE =
            new Option("", "--ca-file", "FILE", "certificates to trust, PEM (BROCKER_CA_FILE; the Java runtime's)");
    public static final Option FORMAT = new Option("", "--format", "FORMAT", "\"table\" or \"json\"");
    public static final Option QUIET = new Option("-q", "--quiet", "", "print names only, and no progress");
    public static final Option VERBOSE = new Option("", "--verbose", "", "tell every request on stderr");
    public static final Option HELP = new Option("-h", "--help", "", "print this help");

    /** Those that may stand anywhere. */
    public static final List<Option> GLOBAL = List.of(HOST, TOKEN_FILE, CA_FILE, FORMAT, QUIET, VERBOSE, HELP);

    public static Option toggle(String brief, String name, String description) {
        return new Option(brief, name, "", description);
    }

    public static Option valued(String name, String value, String description) {
        return new Option("", name, value, description);
    }

    public boolean takesValue() {
        return !value.isEmpty();
    }

    boolean is(String written) {
        return name.equals(written) || (!brief.isEmpty() && brief.equals(written));
    }
}
