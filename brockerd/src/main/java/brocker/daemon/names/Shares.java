package brocker.daemon.names;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Divides places among containers. A container gets another place while it holds fewer than are free, so one alone gets half of them, two get
 * a third each, and there is always a place for a container that has none. Thread-safe.
 */
final class Shares {
    private final int places;
    private final Map<InetAddress, Integer> held = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int free;

    /** @param places for all containers together */
    Shares(int places) {
        this.places = places;
        this.free = places;
    }

    /** Takes a place for a container; false if its share is used up. */
    boolean take(InetAddress container) {
        lock.lock();
        try {
            int own = held.getOrDefault(container, 0);
            if (own >= free) {
                return false;
            }
            held.put(container, own + 1);
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a place that was taken. */
    void release(InetAddress container) {
        lock.lock();
        try {
            if (!held.containsKey(container)) {
                throw new IllegalStateException(container + " holds none of " + places + " places");
            }
            held.computeIfPresent(container, (_, own) -> own == 1 ? null : own - 1);
            free++;
        } finally {
            lock.unlock();
        }
    }
}
