package brocker.daemon.port;

import brocker.spec.wire.ServiceTraffic;

/** Counts what one service's proxy answers. Thread-safe. */
public interface TrafficMeter {
    /** Of the last minute. */
    ServiceTraffic lately();

    /** Since this daemon began to count. */
    TrafficTotals totals();
}
