package brocker.daemon.log;

import brocker.spec.BrockerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place between two lines of a log, which stays the same when its files are renamed: {@code 2026-11-23T19:25:26.123456789Z@4711}.
 *
 * @param file the time of the first line of the file that it lies in, by which a file is known for as long as it is kept; empty for
 *     the beginning of everything
 * @param offset in the file, bytes
 */
public record LogPosition(String file, long offset) {
    /** Before the first line of all. */
    public static final LogPosition BEGIN = new LogPosition("", 0);

    private static final Pattern TEXT = Pattern.compile("([0-9TZ:.-]{0,40})@(\\d{1,18})");

    /**
     * Reads what {@link #toString} gave.
     *
     * @throws BrockerException.Invalid when it did not
     */
    public static LogPosition parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new BrockerException.Invalid(
                    "invalid-position", "\"" + text + "\" is not a position in a log", "take one that a mark told");
        }
        return new LogPosition(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    @Override
    public String toString() {
        return file + "@" + offset;
    }
}
