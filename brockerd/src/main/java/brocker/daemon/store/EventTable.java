package brocker.daemon.store;

import static brocker.daemon.store.Database.ABSENT;

import brocker.daemon.event.EventDraft;
import brocker.daemon.event.EventLog;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.json.Json;
import brocker.spec.wire.Event;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events: written in the transactions of the store, read by a connection of their own. Thread-safe, but one appends and announces
 * before the next does.
 */
final class EventTable implements EventLog {
    private static final int KEPT = 10_000;

    /** So many are forgotten at once: to find the first that is kept takes a millisecond. */
    private static final int FORGOTTEN_TOGETHER = 250;

    /**
     * More than the power may take along: what an intent wrote is not on the disk before the next checkpoint, which is due after a
     * thousand pages. A reader may have seen the numbers that were lost, so they are not given again.
     */
    private static final int SKIPPED_BY_A_REBOOT = 10_000;

    private static final ServiceName NO_SERVICE = new ServiceName("unknown");

    private final Database writer;
    private final Database reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private volatile long newest;

    private EventTable(Database writer, Database reader, long newest) {
        this.writer = writer;
        this.reader = reader;
        this.newest = newest;
    }

    /**
     * Finds the number that the next event follows.
     *
     * @param bootId of this boot, see {@code random(4)}
     */
    static EventTable open(Database writer, Database reader, String bootId) {
        long newest = writer.transaction(true, () -> {
            String skip = "UPDATE event_log SET newest = newest + ? WHERE boot_id NOT IN ('', ?)";
            writer.execute(skip, SKIPPED_BY_A_REBOOT, bootId);
            writer.execute("UPDATE event_log SET boot_id = ?", bootId);
            return writer.query("SELECT newest FROM event_log", row -> row.getLong(1))
                    .getFirst();
        });
        return new EventTable(writer, reader, newest);
    }

    /**
     * Writes events, in the writer's transaction.
     *
     * @return the number of the last one, to be announced when the transaction is over
     */
    long append(List<EventDraft> drafts) throws SQLException {
        long last = newest;
        String at = Instant.now().toString();
        for (EventDraft draft : drafts) {
            last++;
            writer.execute(
                    "INSERT INTO events (sequence, at, type, service, container, details) VALUES (?, ?, ?, ?, ?, ?)",
                    last,
                    at,
                    draft.type().name(),
                    draft.service().value(),
                    draft.container().<Object>map(ContainerName::value).orElse(ABSENT),
                    Json.write(draft.details()));
        }
        if (!drafts.isEmpty()) {
            writer.execute("UPDATE event_log SET newest = ?", last);
        }
        if (last / FORGOTTEN_TOGETHER > newest / FORGOTTEN_TOGETHER) {
            forget();
        }
        return last;
    }

    /** By their count, as a reboot skips numbers. */
    private void forget() throws SQLException {
        writer.execute("""
                UPDATE event_log SET forgotten = max(forgotten,
                    coalesce((SELECT sequence FROM events ORDER BY sequence DESC LIMIT 1 OFFSET ?), 0))
                """, KEPT);
        writer.execute("DELETE FROM events WHERE sequence <= (SELECT forgotten FROM event_log)");
    }

    /** What was written can be read from now on. */
    void announce(long last) {
        lock.lock();
        try {
            newest = last;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long forgotten() {
        return span().forgotten;
    }

    @Override
    public List<Event> after(long sequence, int most) {
        List<Event> events = reader.query(
                "SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?", EventTable::event, sequence, most);
        // Looked at afterwards: what was forgotten before the events were read is seen here for certain.
        Span span = span();
        if (sequence < span.forgotten) {
            throw new BrockerException.NotFound(
                    "events-forgotten",
                    "the events after \"" + sequence + "\" are not kept any more, up to " + span.forgotten,
                    "go on from there, --since " + span.forgotten + ", and look at the present state");
        }
        if (sequence > span.newest) {
            throw new BrockerException.NotFound(
                    "event-not-found",
                    "there is no event \"" + sequence + "\" yet: the newest is " + span.newest,
                    "is it another daemon's, or one before its state was moved away?");
        }
        return events;
    }

    @Override
    public boolean await(long sequence, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (newest <= sequence && left > 0) {
                left = appended.awaitNanos(left);
            }
            return newest > sequence;
        } finally {
            lock.unlock();
        }
    }

    private record Span(long forgotten, long newest) {}

    private Span span() {
        return reader.query("SELECT forgotten, newest FROM event_log", row -> new Span(row.getLong(1), row.getLong(2)))
                .getFirst();
    }

    /** Another version's events keep their numbers: who follows goes on behind them. */
    private static Event event(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence");
        String type = String.valueOf(row.getString("type"));
        try {
            return new Event(
                    sequence,
                    Instant.parse(row.getString("at")),
                    EventType.valueOf(type),
                    new ServiceName(row.getString("service")),
                    Optional.ofNullable(row.getString("container")).map(ContainerName::new),
                    Json.read("store", row.getString("details"), EventDetails.class));
        } catch (RuntimeException e) {
            return new Event(
                    sequence,
                    orElse(() -> Instant.parse(row.getString("at")), Instant.EPOCH),
                    EventType.OTHER,
                    orElse(() -> new ServiceName(row.getString("service")), NO_SERVICE),
                    Optional.empty(),
                    EventDetails.ofFault("the event \"" + type + "\" cannot be read: " + e.getMessage()));
        }
    }

    private static <T> T orElse(Callable<T> read, T otherwise) {
        try {
            return read.call();
        } catch (Exception _) {
            return otherwise;
        }
    }
}
