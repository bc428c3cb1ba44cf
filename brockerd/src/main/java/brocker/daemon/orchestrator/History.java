package brocker.daemon.orchestrator;

import brocker.runtime.process.ExitRecord;
import brocker.spec.ContainerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The ended containers of a service, with their logs and directories: the last five, for a day. Changed by the service's mailbox alone;
 * read by everybody.
 */
final class History {
    private static final System.Logger LOG = System.getLogger(History.class.getName());
    private static final int KEPT = 5;
    private static final Duration KEPT_FOR = Duration.ofHours(24);
    private static final int KILLED = 128 + 9;
    private static final String OUT_OF_MEMORY = "out of memory";

    private final Parts parts;
    private final Map<ContainerName, ContainerRecord> ended = new ConcurrentHashMap<>();

    History(Parts parts, List<ContainerRecord> before) {
        this.parts = parts;
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

    /**
     * How a container ended, as its init process wrote it. Without a record that can be read the init process itself was killed: for
     * lack of memory, where its group, which must still be there, counts that and nobody had asked for its end.
     *
     * @param otherwise what to say where nothing is known
     */
    static ContainerRecord.End endOf(Launcher launcher, ContainerRecord record, String otherwise) {
        Optional<ExitRecord> known = Optional.empty();
        try {
            known = ExitRecord.read(launcher.directories().record(record.name()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "container \"" + record.name() + "\": " + e.getMessage());
        }
        return known.map(exit -> new ContainerRecord.End(
                        exit.ended(),
                        exit.code(),
                        exit.code() == KILLED && exit.oomKills() > 0 ? OUT_OF_MEMORY : "",
                        exit.oomKills()))
                .orElseGet(() -> {
                    long kills = launcher.oomKills(record.name());
                    String reason = kills > 0 && !record.stopping() ? OUT_OF_MEMORY : otherwise;
                    return new ContainerRecord.End(Instant.now(), KILLED, reason, kills);
                });
    }

    void add(ContainerRecord record) {
        parts.store().save(record);
        ended.put(record.name(), record);
        trim();
    }

    /** Forgets one, with its log and directory. */
    void remove(ContainerRecord record) {
        parts.launcher().deleteDirectories(record);
        parts.store().remove(record.name());
        ended.remove(record.name());
    }

    /** Removes the logs and directories of all, whose service is leaving. */
    void deleteDirectories() {
        ended.values().forEach(parts.launcher()::deleteDirectories);
    }

    private void trim() {
        List<ContainerRecord> byEnd = ended.values().stream()
                .sorted(Comparator.comparing(History::endedAt).reversed())
                .toList();
        Instant oldest = Instant.now().minus(KEPT_FOR);
        for (int i = 0; i < byEnd.size(); i++) {
            if (i >= KEPT || endedAt(byEnd.get(i)).isBefore(oldest)) {
                remove(byEnd.get(i));
            }
        }
    }

    private static Instant endedAt(ContainerRecord record) {
        return record.end().map(ContainerRecord.End::at).orElse(record.created());
    }
}
