package brocker.client.verb;

import brocker.client.text.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Prints the log of a container, whose lines are {@code TIME STREAM F|P TEXT}; a part ({@code P}) is continued by the next line of the
 * same stream. The text is printed byte for byte.
 */
final class LogPrinter {
    private final Output stdout;
    private final Output stderr;
    private final boolean timestamps;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean pendingIsStderr;
    private boolean stdoutInPart;
    private boolean stderrInPart;

    LogPrinter(Output stdout, Output stderr, boolean timestamps) {
        this.stdout = stdout;
        this.stderr = stderr;
        this.timestamps = timestamps;
    }

    /** Takes the next bytes of the log, which may end anywhere. */
    void take(byte[] chunk, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (chunk[i] == '\n') {
                line.write(chunk, from, i - from);
                print(line.toByteArray());
                line.reset();
                from = i + 1;
            }
        }
        line.write(chunk, from, length - from);
        flush();
    }

    /** Ends the log; an unfinished line is printed as one. */
    void end() {
        if (line.size() > 0) {
            print(line.toByteArray());
            line.reset();
        }
        flush();
    }

    private void print(byte[] entry) {
        int stream = after(entry, 0);
        int mark = after(entry, stream);
        int text = after(entry, mark);
        if (text < 0) {
            // Not a line of ours: shown as it is rather than hidden.
            append(false, entry, 0, true);
            return;
        }
        boolean toStderr = "stderr".equals(new String(entry, stream, mark - 1 - stream, StandardCharsets.US_ASCII));
        boolean whole = entry[mark] == 'F';
        boolean continued = toStderr ? stderrInPart : stdoutInPart;
        if (toStderr) {
            stderrInPart = !whole;
        } else {
            stdoutInPart = !whole;
        }
        if (timestamps && !continued) {
            append(toStderr, Arrays.copyOf(entry, stream), 0, false);
        }
        append(toStderr, entry, text, whole);
    }

    private void append(boolean toStderr, byte[] bytes, int from, boolean newline) {
        if (toStderr != pendingIsStderr) {
            flush();
            pendingIsStderr = toStderr;
        }
        pending.write(bytes, from, bytes.length - from);
        if (newline) {
            pending.write('\n');
        }
    }

    private void flush() {
        byte[] bytes = pending.toByteArray();
        pending.reset();
        if (bytes.length > 0) {
            (pendingIsStderr ? stderr : stdout).write(bytes, 0, bytes.length);
        }
    }

    /** The index after the next space from an index on, negative where there is none. */
    private static int after(byte[] entry, int from) {
        for (int i = from; i >= 0 && i < entry.length; i++) {
            if (entry[i] == ' ') {
                return i + 1;
            }
        }
        return -1;
    }
}
