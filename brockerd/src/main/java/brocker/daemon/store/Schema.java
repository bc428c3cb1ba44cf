package brocker.daemon.store;

import brocker.spec.BrockerException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and what leads to them from those of every earlier Brocker. */
final class Schema {
    /**
     * What each version adds to the one before it; the first, to an empty file. While a container lives nobody else of its service has
     * its address, and nobody at all its veth number.
     */
    private static final List<List<String>> VERSIONS = List.of(
            List.of(
                    """
                    CREATE TABLE services (name TEXT PRIMARY KEY, spec TEXT NOT NULL, number INTEGER NOT NULL UNIQUE,
                        address TEXT NOT NULL, created TEXT NOT NULL, removing INTEGER NOT NULL)
                    """,
                    """
                    CREATE TABLE containers (name TEXT PRIMARY KEY,
                        service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE, role TEXT NOT NULL, spec TEXT NOT NULL,
                        address INTEGER NOT NULL, veth INTEGER NOT NULL, created TEXT NOT NULL, pid INTEGER, start_ticks INTEGER,
                        boot_id TEXT, started TEXT, ready INTEGER NOT NULL, stopping INTEGER NOT NULL, ended TEXT, code INTEGER,
                        reason TEXT)
                    """,
                    "CREATE UNIQUE INDEX leases ON containers (service, address) WHERE ended IS NULL",
                    "CREATE UNIQUE INDEX veths ON containers (veth) WHERE ended IS NULL"),
            List.of("ALTER TABLE containers ADD COLUMN oom_kills INTEGER NOT NULL DEFAULT 0"),
            List.of(
                    "ALTER TABLE containers ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE containers ADD COLUMN restarts_in_row INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE containers ADD COLUMN asked TEXT NOT NULL DEFAULT 'NOTHING'",
                    "UPDATE containers SET asked = 'STOP' WHERE stopping",
                    "ALTER TABLE containers DROP COLUMN stopping"),
            List.of(
                    """
                    CREATE TABLE events (sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, service TEXT NOT NULL,
                        container TEXT, details TEXT NOT NULL)
                    """,
                    // One row.
                    "CREATE TABLE event_log (boot_id TEXT NOT NULL, newest INTEGER NOT NULL, forgotten INTEGER NOT NULL)",
                    "INSERT INTO event_log (boot_id, newest, forgotten) VALUES ('', 0, 0)"),
            List.of(
                    """
                    CREATE TABLE revisions (service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
                        number INTEGER NOT NULL, spec TEXT NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL,
                        reason TEXT NOT NULL, PRIMARY KEY (service, number))
                    """,
                    """
                    INSERT INTO revisions SELECT name, 1, spec, 'ACTIVE', created, created, '' FROM services
                        WHERE json_extract(spec, '$.container') IS NOT NULL
                    """,
                    "ALTER TABLE containers ADD COLUMN revision INTEGER NOT NULL DEFAULT 0",
                    "UPDATE containers SET revision = 1 WHERE role = 'REPLICA'"));

    private static final String PATIENCE = "PRAGMA busy_timeout = 2000";

    private Schema() {}

    /**
     * Refuses a file that cannot be used; changes nothing.
     *
     * @throws BrockerException.Host when a newer Brocker wrote it
     * @throws SQLException when it is damaged
     */
    static void require(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            int version = version(statement);
            if (version > VERSIONS.size()) {
                throw new BrockerException.Host(
                        "store-newer",
                        "the state \"" + file + "\" was written by a newer Brocker (schema " + version + ")",
                        "install that version again; the state was left untouched");
            }
            String damage = statement.executeQuery("PRAGMA quick_check").getString(1);
            if (!damage.equals("ok")) {
                throw new SQLException(damage);
            }
        }
    }

    /** Brings a file that can be used to the present version, which is all or nothing. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA foreign_keys = ON");
            int version = version(statement);
            if (version < VERSIONS.size()) {
                statement.executeUpdate("BEGIN");
                for (List<String> changes : VERSIONS.subList(version, VERSIONS.size())) {
                    for (String change : changes) {
                        statement.executeUpdate(change);
                    }
                }
                statement.executeUpdate("PRAGMA user_version = " + VERSIONS.size());
                statement.executeUpdate("COMMIT");
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        return statement.executeQuery("PRAGMA user_version").getInt(1);
    }
}
