package brocker.daemon.proxy;

import brocker.daemon.port.TrafficMeter;
import brocker.daemon.port.TrafficTotals;
import brocker.kernel.DatagramReader;
import brocker.spec.wire.ServiceTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * The numbers of one service. The last minute is a ring of slots of five seconds; the oldest is emptied when its turn comes again, so what
 * is told is of the last 55 to 60 seconds. Thread-safe.
 */
final class RequestMeter implements TrafficMeter, DatagramReader.Listener {
    private static final int SLOTS = 12;
    private static final int SLOT_SECONDS = 5;
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);
    private static final int DIGITS = 2;

    private final LongSupplier nanoTime;
    private final long began;
    private final Slot[] slots = new Slot[SLOTS];
    private final long[] byClass = new long[5];
    private final long[] withinBounds = new long[TrafficTotals.BOUNDS.size()];
    private long answered;
    private long millis;
    private long upstreamFailures;
    private long malformed;

    private static final class Slot {
        private long number = -1;
        private long requests;
        private long errors;
        private final IntCountsHistogram times = new IntCountsHistogram(LONGEST_MILLIS, DIGITS);

        private void become(long next) {
            if (number != next) {
                number = next;
                requests = 0;
                errors = 0;
                times.reset();
            }
        }
    }

    /**
     * Begins to count.
     *
     * @param nanoTime see {@link System#nanoTime}
     */
    RequestMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    @Override
    public void received(byte[] datagram, int length) {
        Optional<RequestLine> line = RequestLine.parse(datagram, length);
        synchronized (this) {
            line.ifPresentOrElse(this::count, () -> malformed++);
        }
    }

    private void count(RequestLine line) {
        byClass[line.status() / 100 - 1]++;
        upstreamFailures += line.upstreamFailures();
        long slotNumber = slotNumber();
        Slot slot = slots[(int) (slotNumber % SLOTS)];
        slot.become(slotNumber);
        slot.requests++;
        if (line.status() >= 500) {
            slot.errors++;
        }
        if (line.longLived()) {
            return;
        }
        long took = Math.min(line.time().toMillis(), LONGEST_MILLIS);
        slot.times.recordValue(took);
        answered++;
        millis += took;
        for (int i = 0; i < withinBounds.length; i++) {
            if (took <= TrafficTotals.BOUNDS.get(i) * 1000) {
                withinBounds[i]++;
            }
        }
    }

    @Override
    public synchronized ServiceTraffic lately() {
        long now = slotNumber();
        Histogram times = new Histogram(LONGEST_MILLIS, DIGITS);
        long requests = 0;
        long errors = 0;
        for (Slot slot : slots) {
            if (slot.number >= 0 && slot.number > now - SLOTS) {
                requests += slot.requests;
                errors += slot.errors;
                times.add(slot.times);
            }
        }
        int seconds = SLOTS * SLOT_SECONDS;
        double covered = Math.clamp((nanoTime.getAsLong() - began) / 1e9, 1, seconds);
        return new ServiceTraffic(
                seconds,
                requests,
                rounded(requests / covered, 100),
                requests == 0 ? 0 : rounded((double) errors / requests, 10_000),
                percentile(times, 50),
                percentile(times, 95),
                percentile(times, 99));
    }

    @Override
    public synchronized TrafficTotals totals() {
        return new TrafficTotals(
                list(byClass), upstreamFailures, malformed, list(withinBounds), answered, millis / 1000.0);
    }

    private long slotNumber() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - began) / SLOT_SECONDS;
    }

    private static Optional<Double> percentile(Histogram times, double percent) {
        return times.getTotalCount() == 0
                ? Optional.empty()
                : Optional.of((double) times.getValueAtPercentile(percent));
    }

    private static double rounded(double value, int parts) {
        return (double) Math.round(value * parts) / parts;
    }

    private static List<Long> list(long[] values) {
        List<Long> list = new ArrayList<>();
        for (long value : values) {
            list.add(value);
        }
        return list;
    }
}
