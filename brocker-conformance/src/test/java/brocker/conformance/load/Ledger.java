package brocker.conformance.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What became of every request. Thread-safe. */
public final class Ledger {
    private final List<Entry> entries = new ArrayList<>();
    private String phase;
    private int closedWhileResting;

    /**
     * One request.
     *
     * @param phase what was going on when it began
     * @param kind which client sent it
     * @param quick whether how long it took says something about the server
     * @param failure empty where there was none
     */
    public record Entry(String phase, String kind, boolean quick, Duration took, String failure) {
        boolean failed() {
            return !failure.isEmpty();
        }
    }

    /** What became of some of them. Durations of those that are quick and did not fail; zero where there are none. */
    public record Sum(int requests, int failed, Duration median, Duration p99, Duration longest) {}

    public Ledger(String phase) {
        this.phase = phase;
    }

    /** From now on something else is going on. */
    public synchronized void phase(String next) {
        phase = next;
    }

    public synchronized String phase() {
        return phase;
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    /** A client that had rested found its connection closed, and made another. */
    synchronized void foundClosed() {
        closedWhileResting++;
    }

    public synchronized int closedWhileResting() {
        return closedWhileResting;
    }

    public synchronized int requests() {
        return entries.size();
    }

    /** What went wrong, one line a request. */
    public synchronized List<String> failures() {
        return entries.stream()
                .filter(Entry::failed)
                .map(entry -> entry.phase + ", " + entry.kind + ": " + entry.failure)
                .toList();
    }

    /** By what was going on, in the order of time. */
    public Map<String, Sum> byPhase() {
        return by(Entry::phase);
    }

    public Map<String, Sum> byKind() {
        return by(Entry::kind);
    }

    private synchronized Map<String, Sum> by(Function<Entry, String> key) {
        Map<String, List<Entry>> groups = new LinkedHashMap<>();
        entries.forEach(entry ->
                groups.computeIfAbsent(key.apply(entry), _ -> new ArrayList<>()).add(entry));
        Map<String, Sum> sums = new LinkedHashMap<>();
        groups.forEach((name, of) -> sums.put(name, sum(of)));
        return sums;
    }

    private static Sum sum(List<Entry> of) {
        List<Duration> took = of.stream()
                .filter(entry -> entry.quick && !entry.failed())
                .map(Entry::took)
                .sorted(Comparator.naturalOrder())
                .toList();
        int failed = (int) of.stream().filter(Entry::failed).count();
        return new Sum(of.size(), failed, quantile(took, 50), quantile(took, 99), quantile(took, 100));
    }

    private static Duration quantile(List<Duration> sorted, int percent) {
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() - 1) * percent / 100);
    }
}
