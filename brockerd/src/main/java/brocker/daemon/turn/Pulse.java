package brocker.daemon.turn;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts changes, and wakes up whoever waits for the next one. Thread-safe. */
public final class Pulse {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition beaten = lock.newCondition();
    private long count;

    /** How many there were; what is looked at afterwards is at least as new. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** One more; said when it can be seen. */
    public void beat() {
        lock.lock();
        try {
            count++;
            beaten.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there are more than were seen, at most so long. */
    public void await(long seen, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (count == seen && left > 0) {
                left = beaten.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
