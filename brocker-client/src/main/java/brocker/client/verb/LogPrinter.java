package brocker.client.verb;

import brocker.client.text.Output;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Prints the log of a container, whose lines are {@code TIME STREAM F|P TEXT}: what came from stdout to stdout, what came from stderr to
 * stderr; a part ({@code P}) is continued by the next line of the same stream. The text is printed byte for byte.
 */
final class LogPrinter implements LogStream.Sink {
    private static final int MOST_PENDING = 256 << 10;

    private final Output stdout;
    private final Output stderr;
    private final boolean timestamps;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean pendingIsStderr;
    private boolean stdoutInPart;
    private boolean stderrInPart;

    LogPrinter(Output stdout, Output stderr, boolean timestamps) {
        this.stdout = stdout;
        this.stderr = stderr;
        this.timestamps = timestamps;
    }

    @Override
    public void line(byte[] bytes) {
        LogEntry entry = LogEntry.of(bytes);
        boolean continued = entry.isStderr() ? stderrInPart : stdoutInPart;
        if (entry.isStderr()) {
            stderrInPart = entry.continues();
        } else {
            stdoutInPart = entry.continues();
        }
        if (timestamps && !continued) {
            append(entry.isStderr(), Arrays.copyOf(bytes, entry.timeLength()), 0, false);
        }
        append(entry.isStderr(), bytes, entry.text(), !entry.continues());
    }

    @Override
    public void pause() {
        byte[] bytes = pending.toByteArray();
        pending.reset();
        if (bytes.length > 0) {
            (pendingIsStderr ? stderr : stdout).write(bytes, 0, bytes.length);
        }
    }

    @Override
    public void live() {
        pause();
    }

    @Override
    public void gap() {
        pause();
        stderr.println("warning: lines are missing here: they were turned away before they were read");
    }

    private void append(boolean toStderr, byte[] bytes, int from, boolean newline) {
        if (toStderr != pendingIsStderr || pending.size() > MOST_PENDING) {
            pause();
            pendingIsStderr = toStderr;
        }
        pending.write(bytes, from, bytes.length - from);
        if (newline) {
            pending.write('\n');
        }
    }
}
