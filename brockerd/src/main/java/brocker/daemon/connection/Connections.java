package brocker.daemon.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The connections of one listener, within its limits. Each is in one of three sets, and counts until its thread has ended and its
 * descriptor is closed:
 *
 * <pre>
 *  strangers ── head accepted ──▶ busy ◀── next request ──▶ idle
 * </pre>
 *
 * Thread-safe.
 */
final class Connections {
    /** How long a full set is waited for before the next connection of it is closed. */
    private static final long PACE_MILLIS = 100;

    private final ConnectionLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition removed = lock.newCondition();
    private final SequencedSet<Connection> strangers = new LinkedHashSet<>();
    private final SequencedSet<Connection> busy = new LinkedHashSet<>();
    private final SequencedSet<Connection> idle = new LinkedHashSet<>();

    Connections(ConnectionLimits limits) {
        this.limits = limits;
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** Adds a stranger. Where there are too many, closes the oldest ones and waits until one is gone. */
    void add(Connection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (strangers.size() >= limits.strangers()) {
                closeFirst(strangers);
                var _ = removed.await(PACE_MILLIS, TimeUnit.MILLISECONDS);
            }
            strangers.add(connection);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A request on this connection has been accepted. Where too many clients are known, the connection that has been idle longest is
     * closed; false if none is idle.
     */
    boolean begin(Connection connection) {
        lock.lock();
        try {
            if (strangers.contains(connection) && busy.size() + idle.size() >= limits.known() && !closeFirst(idle)) {
                return false;
            }
            if (strangers.remove(connection) || idle.remove(connection)) {
                busy.add(connection);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The request has been answered. */
    void end(Connection connection) {
        lock.lock();
        try {
            if (busy.remove(connection)) {
                idle.add(connection);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Connection connection) {
        lock.lock();
        try {
            strangers.remove(connection);
            busy.remove(connection);
            idle.remove(connection);
            removed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Frees a descriptor, if a stranger has one. */
    void closeOldestStranger() {
        lock.lock();
        try {
            closeFirst(strangers);
        } finally {
            lock.unlock();
        }
    }

    List<Connection> all() {
        lock.lock();
        try {
            return Stream.of(strangers, busy, idle)
                    .flatMap(SequencedSet::stream)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Those between two requests. */
    List<Connection> idle() {
        lock.lock();
        try {
            return new ArrayList<>(idle);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return strangers.size() + busy.size() + idle.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are none, at most this long; whether there are none. */
    boolean awaitNone(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (size() > 0 && left > 0) {
                left = removed.awaitNanos(left);
            }
            return size() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the first one that is not closed yet, and tells whether there was one. */
    private static boolean closeFirst(SequencedSet<Connection> connections) {
        for (Connection connection : connections) {
            if (connection.cut()) {
                return true;
            }
        }
        return false;
    }
}
