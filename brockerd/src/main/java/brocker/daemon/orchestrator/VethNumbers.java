package brocker.daemon.orchestrator;

import java.util.BitSet;

/** Numbers for the host ends of veth pairs: the lowest that nobody has. Thread-safe. */
final class VethNumbers {
    private final BitSet taken = new BitSet();

    synchronized int take() {
        int number = taken.nextClearBit(1);
        taken.set(number);
        return number;
    }

    synchronized void reserve(int number) {
        taken.set(number);
    }

    synchronized void release(int number) {
        taken.clear(number);
    }
}
