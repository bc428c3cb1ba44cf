package brocker.daemon.allocation;

import java.util.BitSet;

/** Numbers for the host ends of veth pairs: the lowest that nobody has. Thread-safe. */
public final class VethNumbers {
    private final BitSet taken = new BitSet();

    public synchronized int take() {
        int number = taken.nextClearBit(1);
        taken.set(number);
        return number;
    }

    public synchronized void reserve(int number) {
        taken.set(number);
    }

    public synchronized void release(int number) {
        taken.clear(number);
    }
}
