package brocker.daemon.store;

import brocker.daemon.orchestrator.ContainerRecord;
import brocker.daemon.orchestrator.ServiceRecord;
import brocker.daemon.orchestrator.Store;
import brocker.kernel.ProcessIdentity;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Role;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.JDBC;

/**
 * The store in one SQLite file, in WAL mode. An intent is committed with {@code synchronous=NORMAL}, which does not wait for the disk;
 * everything else with {@code FULL}, which does, for the intents before it as well.
 */
public final class SqliteStore implements Store {
    private static final String SAVE_CONTAINER = """
            INSERT INTO containers (name, service, role, spec, address, veth, created, pid, start_ticks, boot_id, started, ready,
                                    asked, ended, code, reason, oom_kills, restarts, restarts_in_row)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET spec = excluded.spec, address = excluded.address, pid = excluded.pid, start_ticks = excluded.start_ticks, boot_id = excluded.boot_id,
                started = excluded.started, ready = excluded.ready, asked = excluded.asked, ended = excluded.ended,
                code = excluded.code, reason = excluded.reason, oom_kills = excluded.oom_kills,
                restarts = excluded.restarts, restarts_in_row = excluded.restarts_in_row
            """;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private SqliteStore(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the file, or makes it.
     *
     * @throws BrockerException.Host when it is damaged, or of a newer Brocker; it is left untouched then
     */
    public static SqliteStore open(Path file) {
        try {
            Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
            try {
                Schema.prepare(connection, file);
                return new SqliteStore(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new BrockerException.Host(
                    "store-unusable",
                    "cannot open the state \"" + file + "\": " + e.getMessage(),
                    "it was left untouched; move it away to begin with an empty one");
        }
    }

    @Override
    public List<ServiceRecord> services() {
        return query(
                "SELECT spec, number, address, created, removing FROM services ORDER BY created",
                row -> new ServiceRecord(
                        Json.read("store", row.getString(1), ServiceSpec.class),
                        row.getInt(2),
                        Cidr.parse(row.getString(3)),
                        Instant.parse(row.getString(4)),
                        row.getBoolean(5)));
    }

    @Override
    public List<ContainerRecord> containers() {
        // Not by the text of the time: its fraction has three, six, nine digits or none.
        return query("SELECT * FROM containers", SqliteStore::container).stream()
                .sorted(Comparator.comparing(ContainerRecord::created))
                .toList();
    }

    @Override
    public void save(ServiceRecord service) {
        update(
                true,
                """
                INSERT INTO services (name, spec, number, address, created, removing) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET spec = excluded.spec, number = excluded.number, address = excluded.address,
                    created = excluded.created, removing = excluded.removing
                """,
                service.name().value(),
                Json.write(service.spec()),
                service.number(),
                service.address().toString(),
                service.created().toString(),
                service.removing());
    }

    @Override
    public void intend(ContainerRecord container) {
        update(false, SAVE_CONTAINER, columns(container));
    }

    @Override
    public void save(ContainerRecord container) {
        update(true, SAVE_CONTAINER, columns(container));
    }

    @Override
    public void remove(ContainerName container) {
        update(true, "DELETE FROM containers WHERE name = ?", container.value());
    }

    @Override
    public void remove(ServiceName service) {
        // The containers go with it, by the foreign key.
        update(true, "DELETE FROM services WHERE name = ?", service.value());
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static Object[] columns(ContainerRecord container) {
        Optional<ContainerRecord.Start> start = container.start();
        Optional<ContainerRecord.End> end = container.end();
        return new Object[] {
            container.name().value(),
            container.service().value(),
            container.role().name(),
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

    private static final Object ABSENT = new Object();

    private static ContainerRecord container(ResultSet row) throws SQLException {
        String started = row.getString("started");
        String ended = row.getString("ended");
        return new ContainerRecord(
                new ContainerName(row.getString("name")),
                new ServiceName(row.getString("service")),
                Role.valueOf(row.getString("role")),
                Json.read("store", row.getString("spec"), ContainerSpec.class),
                row.getInt("address"),
                row.getInt("veth"),
                Instant.parse(row.getString("created")),
                started == null
                        ? Optional.empty()
                        : Optional.of(new ContainerRecord.Start(
                                new ProcessIdentity(row.getInt("pid"), row.getLong("start_ticks")),
                                row.getString("boot_id"),
                                Instant.parse(started))),
                row.getBoolean("ready"),
                ContainerRecord.Asked.valueOf(row.getString("asked")),
                ended == null
                        ? Optional.empty()
                        : Optional.of(new ContainerRecord.End(
                                Instant.parse(ended),
                                row.getInt("code"),
                                row.getString("reason"),
                                row.getLong("oom_kills"))),
                new ContainerRecord.Restarts(row.getInt("restarts"), row.getInt("restarts_in_row")));
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> reader) {
        lock.lock();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    private void update(boolean durable, String sql, Object... values) {
        lock.lock();
        try {
            PreparedStatement mode = prepared(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            mode.execute();
            PreparedStatement statement = prepared(sql);
            for (int i = 0; i < values.length; i++) {
                if (values[i] == ABSENT) {
                    statement.setNull(i + 1, java.sql.Types.NULL);
                } else {
                    statement.setObject(i + 1, values[i]);
                }
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** Kept until the connection is closed: preparing costs more than executing. */
    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    private static BrockerException.Host failure(SQLException e) {
        return new BrockerException.Host(
                "store-failed",
                "the state cannot be written: " + e.getMessage(),
                "is the disk full? Nothing was changed");
    }
}
