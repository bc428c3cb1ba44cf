package brocker.daemon.store;

import brocker.spec.BrockerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** One connection to the file. Thread-safe: one transaction or query at a time. */
final class Database implements AutoCloseable {
    /** Stands for NULL among the values of a statement. */
    static final Object ABSENT = new Object();

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private Database(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the file and brings it to the present schema. It is looked at first by a connection that cannot write: one that could would
     * carry over what a killed daemon has left in the write-ahead log when it is closed.
     */
    static Database open(Path file) throws SQLException {
        if (Files.exists(file)) {
            try (Connection looking = connect(file, true)) {
                Schema.require(looking, file);
            }
        }
        Connection connection = connect(file, false);
        try {
            Schema.prepare(connection);
            return new Database(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** One more connection, which changes nothing: what it reads holds up nobody who writes, and nobody who writes holds it up. */
    static Database reading(Path file) throws SQLException {
        Database database = new Database(connect(file, false));
        try {
            database.execute("PRAGMA busy_timeout = 2000");
            database.execute("PRAGMA query_only = ON");
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    private static Connection connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        return JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
    }

    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    <T> List<T> query(String sql, Row<T> reader, Object... values) {
        lock.lock();
        try (ResultSet rows = bound(sql, values).executeQuery()) {
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

    /**
     * Does all of the work or nothing.
     *
     * @param durable whether it has to survive the power when this returns; otherwise it survives this process
     */
    <T> T transaction(boolean durable, Work<T> work) {
        lock.lock();
        try {
            execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            execute("BEGIN IMMEDIATE");
            boolean committed = false;
            try {
                T result = work.run();
                execute("COMMIT");
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    rollBack();
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** Executes one statement, in the transaction where it is called from its work. */
    void execute(String sql, Object... values) throws SQLException {
        bound(sql, values).execute();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            lock.unlock();
        }
    }

    /** SQLite has done it already after some failures, such as a full disk; the first failure is the one to be told. */
    private void rollBack() {
        forgetStatements();
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "nothing to roll back: " + e.getMessage());
        }
    }

    /** Prepared once and kept until the connection is closed: preparing costs more than executing. */
    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == ABSENT) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
        return statement;
    }

    /** A statement that failed, as on a full disk, would go on failing with "statement is not executing". */
    private void forgetStatements() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                System.getLogger(Database.class.getName())
                        .log(System.Logger.Level.DEBUG, "a statement that failed: " + e.getMessage());
            }
        }
        statements.clear();
    }

    private BrockerException.Host failure(SQLException e) {
        forgetStatements();
        return new BrockerException.Host(
                "store-failed",
                "the state cannot be written: " + e.getMessage(),
                "is the disk full? Nothing was changed");
    }
}
