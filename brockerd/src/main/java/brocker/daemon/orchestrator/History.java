package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.turn.Pulse;
import brocker.runtime.Step;
import brocker.runtime.process.ExitRecord;
import brocker.spec.ContainerName;
import brocker.spec.wire.ContainerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The ended containers of a service, with their logs and directories: the last five, for a day, and those that are to be started again.
 * Each keeps its veth number, so that nobody else has the ids that its files belong to. Changed by the service's mailbox alone;
 * read by everybody.
 */
final class History {
    private static final System.Logger LOG = System.getLogger(History.class.getName());
    private static final int KEPT = 5;
    private static final Duration KEPT_FOR = Duration.ofHours(24);
    private static final int KILLED = 128 + 9;
    private static final String OUT_OF_MEMORY = "out of memory";

    private final Parts parts;
    private final Pulse pulse;
    private final Executor mailbox;
    private final Map<ContainerName, ContainerRecord> ended = new ConcurrentHashMap<>();

    /**
     * With those that had ended before.
     *
     * @param pulse beats with every change
     * @param mailbox of the service
     */
    History(Parts parts, Pulse pulse, Executor mailbox, List<ContainerRecord> before) {
        this.parts = parts;
        this.pulse = pulse;
        this.mailbox = mailbox;
        before.forEach(record -> ended.put(record.name(), record));
        trim();
    }

    List<ContainerRecord> records() {
        return ended.values().stream()
                .sorted(Comparator.comparing(ContainerRecord::created))
                .toList();
    }

    boolean has(ContainerName name) {
        return ended.containsKey(name);
    }

    Optional<ContainerRecord> find(ContainerName name) {
        return Optional.ofNullable(ended.get(name));
    }

    /** Those that are to be started again. */
    List<ContainerRecord> resting() {
        return records().stream().filter(this::rests).toList();
    }

    List<ContainerView> views(boolean all) {
        return (all ? records() : resting()).stream().map(this::view).toList();
    }

    ContainerView view(ContainerRecord record) {
        return Views.ended(parts.rule(record));
    }

    /**
     * How a container ended, as its init process wrote it. Without a record that can be read the init process itself was killed: for
     * lack of memory, where its group, which must still be there, counts that and nobody had asked for its end.
     *
     * @param otherwise what to say where nothing is known
     */
    static ContainerRecord.End endOf(Parts parts, ContainerRecord record, String otherwise) {
        Optional<ExitRecord> known = parts.files().exitRecord(record.name());
        return known.map(exit -> new ContainerRecord.End(
                        exit.ended(),
                        exit.code(),
                        exit.code() == KILLED && exit.oomKills() > 0 ? OUT_OF_MEMORY : "",
                        exit.oomKills()))
                .orElseGet(() -> {
                    long kills = oomKills(parts, record);
                    String reason = kills > 0 && !record.stopping() ? OUT_OF_MEMORY : otherwise;
                    return new ContainerRecord.End(Instant.now(), KILLED, reason, kills);
                });
    }

    private static long oomKills(Parts parts, ContainerRecord record) {
        try {
            return parts.runtime().oomKills(record.name());
        } catch (RuntimeException e) {
            // Why it ended is worth less than that it did.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "container \"" + record.name().abbreviated() + "\": " + e.getMessage());
            return 0;
        }
    }

    /** Adds one that has ended, or replaces what is known of it. */
    void add(ContainerRecord record) {
        parts.store().save(record);
        Step.END_NOTED.done();
        ended.put(record.name(), record);
        pulse.beat();
        trim();
    }

    /** It lives again. */
    void drop(ContainerName name) {
        ended.remove(name);
    }

    /** Forgets one, with its log and directory, which are removed in the background. */
    void remove(ContainerRecord record) {
        parts.files().forget(record.name(), record.service());
        Step.FILES_GIVEN_UP.done();
        parts.store().remove(record.name());
        Step.CONTAINER_FORGOTTEN.done();
        ended.remove(record.name());
        parts.faults().forget(record.name());
        pulse.beat();
        parts.veths().release(record.veth());
    }

    /** Forgets all, whose service is leaving, with their logs and directories. */
    void forgetAll() {
        for (ContainerRecord record : ended.values()) {
            parts.files().forget(record.name(), record.service());
            parts.veths().release(record.veth());
        }
        ended.clear();
        pulse.beat();
    }

    /** Removes what has been kept for long enough. */
    void trim() {
        List<ContainerRecord> byEnd = ended.values().stream()
                .filter(record -> !rests(record))
                .sorted(Comparator.comparing(History::endedAt).reversed())
                .toList();
        Instant oldest = Instant.now().minus(KEPT_FOR);
        for (int i = 0; i < byEnd.size(); i++) {
            ContainerRecord record = byEnd.get(i);
            if (i >= KEPT || endedAt(record).isBefore(oldest)) {
                parts.faults()
                        .attempt(Faults.Subject.of(record), "it cannot be forgotten", mailbox, () -> forget(record));
            }
        }
    }

    /** Unless it lives again, or is forgotten already. */
    private void forget(ContainerRecord record) {
        if (record.equals(ended.get(record.name()))) {
            remove(record);
        }
    }

    /** Whether it is to be started again. */
    boolean rests(ContainerRecord record) {
        return parts.rule(record).pause().isPresent();
    }

    private static Instant endedAt(ContainerRecord record) {
        return record.end().map(ContainerRecord.End::at).orElse(record.created());
    }
}
