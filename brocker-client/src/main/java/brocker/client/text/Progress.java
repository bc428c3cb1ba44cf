package brocker.client.text;

import brocker.spec.Escaped;
import java.util.Locale;

/** One line on a terminal that follows an upload, redrawn ten times a second at most; nothing where it is not wanted. */
public final class Progress {
    private static final long REDRAW_NANOS = 100_000_000;

    private final Output terminal;
    private final boolean wanted;
    private String name = "";
    private long size;
    private long started;
    private long drawn;
    private boolean visible;

    public Progress(Output terminal, boolean wanted) {
        this.terminal = terminal;
        this.wanted = wanted;
    }

    /**
     * Begins with something new.
     *
     * @param bytes how many there will be
     */
    public void start(String what, long bytes) {
        name = Escaped.of(what);
        size = bytes;
        started = System.nanoTime();
        drawn = started;
    }

    /**
     * Tells how far it is.
     *
     * @param bytes how many have been sent
     */
    public void at(long bytes) {
        long now = System.nanoTime();
        if (wanted && (now - drawn > REDRAW_NANOS || (bytes == size && visible))) {
            drawn = now;
            visible = true;
            terminal.print("\r" + line(bytes, now - started) + "\u001b[K");
        }
    }

    /** Removes the line. */
    public void done() {
        if (visible) {
            terminal.print("\r\u001b[K");
            visible = false;
        }
    }

    /** Such as {@code shop.jar  45 %  12.3 of 27.0 MB  8.1 MB/s}. */
    String line(long bytes, long nanos) {
        long percent = size == 0 ? 100 : bytes * 100 / size;
        double seconds = Math.max(nanos, 1) / 1e9;
        return String.format(
                Locale.ROOT,
                "%s  %d %%  %.1f of %.1f MB  %.1f MB/s",
                name,
                percent,
                bytes / 1e6,
                size / 1e6,
                bytes / 1e6 / seconds);
    }
}
