package brocker.daemon.store;

import static brocker.daemon.store.Database.ABSENT;

import brocker.daemon.event.Changes;
import brocker.daemon.event.EventDraft;
import brocker.daemon.event.EventLog;
import brocker.daemon.port.Store;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.daemon.record.StoredService;
import brocker.kernel.ProcessIdentity;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The store in one SQLite file, in WAL mode. An intent is committed with {@code synchronous=NORMAL}, which does not wait for the disk;
 * everything else with {@code FULL}, which does, for the intents before it as well.
 */
public final class SqliteStore implements Store {
    private static final String SAVE_CONTAINER = """
            INSERT INTO containers (name, service, role, revision, spec, address, veth, created, pid, start_ticks, boot_id, started, ready,
                                    asked, ended, code, reason, oom_kills, restarts, restarts_in_row)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET spec = excluded.spec, address = excluded.address, pid = excluded.pid, start_ticks = excluded.start_ticks, boot_id = excluded.boot_id,
                started = excluded.started, ready = excluded.ready, asked = excluded.asked, ended = excluded.ended,
                code = excluded.code, reason = excluded.reason, oom_kills = excluded.oom_kills,
                restarts = excluded.restarts, restarts_in_row = excluded.restarts_in_row
            """;

    private static final String SAVE_SERVICE = """
            INSERT INTO services (name, spec, number, address, created, removing) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET spec = excluded.spec, number = excluded.number, address = excluded.address,
                created = excluded.created, removing = excluded.removing
            """;

    private static final String SAVE_REVISION = """
            INSERT OR REPLACE INTO revisions (service, number, spec, state, created, changed, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    private final Database database;
    private final Database reader;
    private final EventTable events;
    private final Rows rows;
    private final ReentrantLock changing = new ReentrantLock();

    private SqliteStore(Database database, Database reader, String bootId) {
        this.database = database;
        this.reader = reader;
        this.events = EventTable.open(database, reader, bootId);
        this.rows = new Rows(database);
    }

    /**
     * Opens the file, or makes it.
     *
     * @throws BrockerException.Host when it is damaged, or of a newer Brocker; it is left untouched then
     */
    public static SqliteStore open(Path file) {
        return open(file, ProcessIdentity.bootId());
    }

    static SqliteStore open(Path file, String bootId) {
        try {
            Database database = Database.open(file);
            try {
                keepPrivate(file);
                return new SqliteStore(database, Database.reading(file), bootId);
            } catch (SQLException | RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new BrockerException.Host(
                    "store-unusable",
                    "cannot open the state \"" + file + "\": " + e.getMessage(),
                    "it was left untouched; move it away to begin with an empty one");
        }
    }

    /** The keys of certificates are in it; what SQLite writes beside it gets the same permissions. */
    private static void keepPrivate(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            for (String beside : List.of("-wal", "-shm")) {
                Path other = file.resolveSibling(file.getFileName() + beside);
                if (Files.exists(other)) {
                    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has changed, by this store; usable until it is closed. */
    public EventLog events() {
        return events;
    }

    @Override
    public Stored read() {
        return rows.all();
    }

    @Override
    public void save(ServiceRecord service) {
        change(true, () -> {
            Optional<ServiceRecord> before = rows.find(service.name()).map(StoredService::record);
            List<Integer> unreadable = rows.unreadableRevisions(service.name());
            database.execute(
                    SAVE_SERVICE,
                    service.name().value(),
                    Json.write(service.spec()),
                    service.number(),
                    service.address().toString(),
                    service.created().toString(),
                    service.removing());
            // Those that cannot be read stay for a version that can.
            String kept = unreadable.stream().map(String::valueOf).collect(Collectors.joining(","));
            database.execute(
                    "DELETE FROM revisions WHERE service = ? AND instr(',' || ? || ',', ',' || number || ',') = 0",
                    service.name().value(),
                    kept);
            for (Revision revision : service.revisions()) {
                database.execute(
                        SAVE_REVISION,
                        service.name().value(),
                        revision.number(),
                        Json.write(revision.spec()),
                        revision.state().name(),
                        revision.created().toString(),
                        revision.changed().toString(),
                        revision.reason());
            }
            return before.map(known -> Changes.between(known, service)).orElseGet(() -> Changes.added(service));
        });
    }

    @Override
    public void intend(ContainerRecord container) {
        save(false, container);
    }

    @Override
    public void save(ContainerRecord container) {
        save(true, container);
    }

    private void save(boolean durable, ContainerRecord container) {
        change(durable, () -> {
            Optional<ContainerRecord> before = rows.find(container.name());
            database.execute(SAVE_CONTAINER, columns(container));
            return before.map(known -> Changes.between(known, container)).orElseGet(() -> Changes.added(container));
        });
    }

    @Override
    public void remove(ContainerName container) {
        change(true, () -> {
            Optional<ContainerRecord> before = rows.find(container);
            database.execute("DELETE FROM containers WHERE name = ?", container.value());
            return before.map(Changes::removed).orElse(List.of());
        });
    }

    @Override
    public void remove(BrokenContainer container) {
        change(true, () -> {
            database.execute("DELETE FROM containers WHERE name = ?", rows.key(container.name()));
            return List.of(Changes.removed(container));
        });
    }

    @Override
    public void remove(ServiceName service) {
        change(true, () -> {
            Optional<ServiceRecord> before = rows.find(service).map(StoredService::record);
            List<ContainerRecord> along = rows.of(service);
            // Containers and revisions go with it, by their foreign keys.
            database.execute("DELETE FROM services WHERE name = ?", rows.key(service));
            return before.map(known -> Changes.removed(known, along)).orElse(List.of());
        });
    }

    @Override
    public void note(EventDraft event) {
        change(false, () -> List.of(event));
    }

    @Override
    public void close() {
        try (reader) {
            database.close();
        }
    }

    /** Makes a change, and the events that it gives, or neither. */
    private void change(boolean durable, Database.Work<List<EventDraft>> work) {
        changing.lock();
        try {
            events.announce(database.transaction(durable, () -> events.append(work.run())));
        } finally {
            changing.unlock();
        }
    }

    private static Object[] columns(ContainerRecord container) {
        Optional<ContainerRecord.Start> start = container.start();
        Optional<ContainerRecord.End> end = container.end();
        return new Object[] {
            container.name().value(),
            container.service().value(),
            container.role().name(),
            container.revision(),
            Json.write(container.spec()),
            container.address(),
            container.veth(),
            container.created().toString(),
            start.<Object>map(s -> s.init().pid()).orElse(ABSENT),
            start.<Object>map(s -> s.init().startTicks()).orElse(ABSENT),
            start.<Object>map(ContainerRecord.Start::bootId).orElse(ABSENT),
            start.<Object>map(s -> s.at().toString()).orElse(ABSENT),
            container.ready(),
            container.asked().name(),
            end.<Object>map(e -> e.at().toString()).orElse(ABSENT),
            end.<Object>map(ContainerRecord.End::code).orElse(ABSENT),
            end.<Object>map(ContainerRecord.End::reason).orElse(ABSENT),
            end.map(ContainerRecord.End::oomKills).orElse(0L),
            container.restarts().total(),
            container.restarts().inRow()
        };
    }
}
