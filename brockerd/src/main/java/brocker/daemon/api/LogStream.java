package brocker.daemon.api;

import brocker.daemon.log.LogPosition;
import brocker.daemon.log.LogReader;
import brocker.daemon.log.LogStart;
import brocker.daemon.log.LogWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One reader's way through a log. It writes as fast as the reader reads, and keeps nothing but one buffer. For one thread.
 *
 * <p>With marks there are lines between the container's own, which all begin with their time, that begin with a number sign:
 * {@code #at POSITION} before the lines that lie there, and again when nothing has been written for a while; {@code #live} when what
 * there was at first has been sent; {@code #gap} where lines are missing; {@code #end} when there will be no more.
 */
final class LogStream implements LogReader.Sink {
    /** How often a mark is sent that says nothing new, by which either side sees that the other has gone. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final OutputStream out;
    private final boolean marks;

    LogStream(OutputStream out, boolean marks) {
        this.out = out;
        this.marks = marks;
    }

    /**
     * Writes what there is.
     *
     * @param ended whether nothing more will be written to it
     */
    void write(Path directory, LogStart start, boolean ended) throws IOException {
        try (LogReader reader = LogReader.open(directory, start)) {
            mark("at " + reader.position());
            while (reader.read(this)) {
                // Until nothing more is there at this moment.
            }
            if (ended) {
                reader.finish(this);
            }
            mark("end");
        }
    }

    /**
     * Writes what there is and what comes, until nothing more will, or the daemon leaves.
     *
     * @param bell rung when something was written, or the container has ended
     * @param ended whether nothing more will be written from now on
     */
    void follow(Path directory, LogStart start, LogWatch.Bell bell, BooleanSupplier ended) throws IOException {
        try (LogReader reader = LogReader.open(directory, start)) {
            mark("at " + reader.position());
            boolean live = false;
            long said = System.nanoTime();
            while (true) {
                boolean over = ended.getAsBoolean();
                while (reader.read(this)) {
                    out.flush();
                    said = System.nanoTime();
                }
                if (!live) {
                    live = true;
                    mark("live");
                    out.flush();
                }
                if (over) {
                    reader.finish(this);
                    mark("end");
                    return;
                }
                Duration quiet = Duration.ofNanos(System.nanoTime() - said);
                if (quiet.compareTo(KEEP_ALIVE) >= 0) {
                    mark("at " + reader.position());
                    out.flush();
                    said = System.nanoTime();
                    quiet = Duration.ZERO;
                }
                bell.await(KEEP_ALIVE.minus(quiet));
            }
        } catch (InterruptedException _) {
            // The daemon leaves: without the mark of the end the reader asks the next one.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void at(LogPosition position) throws IOException {
        mark("at " + position);
    }

    @Override
    public void lines(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    @Override
    public void gap() throws IOException {
        mark("gap");
    }

    private void mark(String text) throws IOException {
        if (marks) {
            out.write(("#" + text + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
