package brocker.daemon;

import brocker.spec.Escaped;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * {@code LEVEL: message}, and where something was thrown its stack trace below it. Whatever a message quotes of containers, clients or
 * nginx is escaped, so that it takes one line and looks like nothing else.
 */
final class LogFormat extends Formatter {
    @Override
    public String format(LogRecord entry) {
        StringBuilder text = new StringBuilder()
                .append(entry.getLevel().getName() + ": " + Escaped.line(formatMessage(entry)) + "\n");
        Optional.ofNullable(entry.getThrown())
                .ifPresent(thrown -> append(text, "", "", thrown, Collections.newSetFromMap(new IdentityHashMap<>())));
        return text.toString();
    }

    /** As {@link Throwable#printStackTrace()} does, which writes messages as they are. */
    private static void append(
            StringBuilder text, String indent, String caption, Throwable thrown, Set<Throwable> seen) {
        text.append(indent + caption + Escaped.line(thrown.toString()) + "\n");
        if (!seen.add(thrown)) {
            return;
        }
        for (StackTraceElement frame : thrown.getStackTrace()) {
            text.append(indent + "\tat " + Escaped.line(frame.toString()) + "\n");
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            append(text, indent + "\t", "Suppressed: ", suppressed, seen);
        }
        Optional.ofNullable(thrown.getCause()).ifPresent(cause -> append(text, indent, "Caused by: ", cause, seen));
    }
}
