package brocker.client.verb;

import brocker.client.daemon.Daemon;
import brocker.client.line.Arguments;
import brocker.client.line.Option;
import brocker.client.line.WrongUsage;
import brocker.spec.BrockerException;
import brocker.spec.PointInTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which part of a log is wanted, and how it is shown.
 *
 * @param query what asks the daemon for the part, such as {@code &tail=10}
 */
record LogOptions(boolean follow, boolean timestamps, String query) {
    private static final Option FOLLOW =
            Option.toggle("-f", "--follow", "go on with what is written, until nothing more will be");
    private static final Option TAIL = Option.valued("--tail", "N", "only the last N lines");
    private static final Option SINCE =
            Option.valued("--since", "T", "only from a time on, such as 2026-11-23T19:25:26Z or, that long ago, 10m");
    private static final Option TIMESTAMPS = Option.toggle("", "--timestamps", "begin each line with its time (UTC)");

    static final List<Option> ALL = List.of(FOLLOW, TAIL, SINCE, TIMESTAMPS);

    /** All of a log and what comes, until nothing more will. */
    static final LogOptions EVERYTHING = new LogOptions(true, false, "");

    /**
     * What the user asked for.
     *
     * @throws WrongUsage when a value cannot be
     */
    static LogOptions of(Arguments arguments) {
        Optional<String> tail = arguments.value(TAIL);
        Optional<String> since = arguments.value(SINCE);
        tail.ifPresent(LogOptions::requireCount);
        since.ifPresent(LogOptions::requireTime);
        return new LogOptions(
                arguments.has(FOLLOW),
                arguments.has(TIMESTAMPS),
                tail.map(count -> "&tail=" + count).orElse("")
                        + since.map(time -> "&since=" + Daemon.segment(time)).orElse(""));
    }

    /** The same of what is written from now on. */
    LogOptions fromTheBeginning() {
        return new LogOptions(follow, timestamps, "");
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

    private static void requireTime(String text) {
        try {
            PointInTime.parse(text, Instant.now());
        } catch (BrockerException.Invalid e) {
            throw new WrongUsage("--since: " + e.message(), e.hint().orElse(""));
        }
    }
}
