package brocker.daemon.api;

import brocker.daemon.event.EventLog;
import brocker.spec.BrockerException;
import brocker.spec.json.Json;
import brocker.spec.wire.Event;
import brocker.spec.wire.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * One reader's way through the events, as server-sent events (WHATWG HTML, 9.2). It takes page by page from the log when it has sent
 * the one before, so a slow reader costs nobody anything. For one thread.
 */
final class EventStream {
    private static final int PAGE = 200;

    /** How often something is sent that means nothing, by which either side sees that the other has gone. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final EventLog log;
    private final long newest;
    private long position;
    private List<Event> page;

    private EventStream(EventLog log, long newest, long position, List<Event> page) {
        this.log = log;
        this.newest = newest;
        this.position = position;
        this.page = page;
    }

    /**
     * Begins after an event.
     *
     * @throws BrockerException.NotFound when what follows is not kept any more, or it has not happened yet
     */
    static EventStream open(EventLog log, long since) {
        long newest = log.newest();
        return new EventStream(log, newest, since, log.after(since, PAGE));
    }

    /** Writes what there was when it was opened. */
    void write(OutputStream out) throws IOException {
        try {
            while (!page.isEmpty()) {
                for (Event event : page) {
                    if (event.sequence() > newest) {
                        return;
                    }
                    send(out, event);
                }
                page = log.after(position, PAGE);
            }
        } catch (BrockerException.NotFound e) {
            fail(out, e);
        }
    }

    /** Writes whatever comes, until the reader or the daemon leaves. */
    void follow(OutputStream out) throws IOException {
        // With a number: a reader that is cut before the first event resumes from here.
        write(out, "retry: 1000\nid: " + position + "\n\n");
        out.flush();
        try {
            while (true) {
                for (Event event : page) {
                    send(out, event);
                }
                out.flush();
                while (!log.await(position, KEEP_ALIVE)) {
                    write(out, ": nothing new\n\n");
                    out.flush();
                }
                page = log.after(position, PAGE);
            }
        } catch (BrockerException.NotFound e) {
            fail(out, e);
        } catch (InterruptedException _) {
            // The daemon leaves: the answer ends here, and is resumed at the next one.
            Thread.currentThread().interrupt();
        }
    }

    private void send(OutputStream out, Event event) throws IOException {
        write(
                out,
                "id: " + event.sequence() + "\nevent: " + event.type().text() + "\ndata: " + Json.write(event)
                        + "\n\n");
        position = event.sequence();
    }

    /** The reader was so slow that what follows is forgotten; it is told, and its number stays. */
    private static void fail(OutputStream out, BrockerException.NotFound e) throws IOException {
        write(out, "event: problem\ndata: " + Json.write(Problem.of(e)) + "\n\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
