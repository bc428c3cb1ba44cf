package brocker.daemon.port;

import java.util.List;

/**
 * What a service's proxy has answered since this daemon began to count.
 *
 * @param byClass how many requests got a status of 100 to 199, 200 to 299, and so on
 * @param upstreamFailures how many times a container was tried in vain
 * @param malformed what came and was no line of ours
 * @param withinBounds of the requests that were answered within {@link #BOUNDS}, each includes those before it
 * @param answered how many requests have a time; WebSockets and streams of events have none
 * @param seconds of all of them together
 */
public record TrafficTotals(
        List<Long> byClass,
        long upstreamFailures,
        long malformed,
        List<Long> withinBounds,
        long answered,
        double seconds) {
    /** In seconds. */
    public static final List<Double> BOUNDS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

    public TrafficTotals {
        byClass = List.copyOf(byClass);
        withinBounds = List.copyOf(withinBounds);
    }
}
