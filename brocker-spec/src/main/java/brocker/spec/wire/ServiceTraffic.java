package brocker.spec.wire;

import java.util.Optional;

/**
 * What a service's nginx has answered lately.
 *
 * <pre>{@code
 * {"seconds": 60, "requests": 1804, "requests-per-second": 30.07, "error-rate": 0.0011,
 *  "p50-milliseconds": 4.0, "p95-milliseconds": 11.0, "p99-milliseconds": 42.0}
 * }</pre>
 *
 * @param seconds how far back it reaches
 * @param errorRate the share of requests that got a status of 500 to 599
 * @param p50Milliseconds the time within which half of the requests were answered; absent without any. WebSockets and streams of events
 *     are left out
 */
public record ServiceTraffic(
        int seconds,
        long requests,
        double requestsPerSecond,
        double errorRate,
        Optional<Double> p50Milliseconds,
        Optional<Double> p95Milliseconds,
        Optional<Double> p99Milliseconds) {}
