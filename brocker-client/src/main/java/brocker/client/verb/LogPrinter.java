package brocker.client.verb;

import brocker.client.text.EscapedUtf8;
import brocker.client.text.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Prints the log of a container, whose lines are {@code TIME STREAM F|P TEXT}: what came from stdout to stdout, what came from stderr to
 * stderr; a part ({@code P}) is continued by the next line of the same stream. The text is printed byte for byte, and escaped where the stream
 * that it goes to is a terminal.
 */
final class LogPrinter implements LogStream.Sink {
    private static final int MOST_PENDING = 256 << 10;

    private final Output stdout;
    private final Output stderr;
    private final boolean timestamps;
    private final Optional<EscapedUtf8> stdoutText;
    private final Optional<EscapedUtf8> stderrText;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean pendingIsStderr;
    private boolean stdoutInPart;
    private boolean stderrInPart;

    LogPrinter(Shell shell, boolean timestamps) {
        this.stdout = shell.stdout();
        this.stderr = shell.stderr();
        this.timestamps = timestamps;
        this.stdoutText = shell.terminals().is(1) ? Optional.of(new EscapedUtf8()) : Optional.empty();
        this.stderrText = shell.terminals().is(2) ? Optional.of(new EscapedUtf8()) : Optional.empty();
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
            append(entry.isStderr(), Arrays.copyOf(bytes, entry.timeLength()), false);
        }
        append(entry.isStderr(), Arrays.copyOfRange(bytes, entry.text(), bytes.length), !entry.continues());
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

    private void append(boolean toStderr, byte[] piece, boolean endsLine) {
        if (toStderr != pendingIsStderr || pending.size() > MOST_PENDING) {
            pause();
            pendingIsStderr = toStderr;
        }
        Optional<EscapedUtf8> text = toStderr ? stderrText : stdoutText;
        pending.writeBytes(
                text.isPresent() ? text.get().next(piece, endsLine).getBytes(StandardCharsets.UTF_8) : piece);
        if (endsLine) {
            pending.write('\n');
        }
    }
}
