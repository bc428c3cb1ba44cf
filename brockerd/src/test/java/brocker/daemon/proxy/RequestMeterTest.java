package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.port.TrafficTotals;
import brocker.spec.wire.ServiceTraffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequestMeterTest {
    /** Far from zero, as the real one may be. */
    private long now = -5_000_000_000_000L;

    private final RequestMeter meter = new RequestMeter(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void report(int number, int status, int millis, String upstream) {
        String text = String.format(
                Locale.ROOT,
                "<190>Nov 26 12:31:25 brocker: %d %d.%03d 0 %s",
                status,
                millis / 1000,
                millis % 1000,
                upstream);
        for (int i = 0; i < number; i++) {
            send(text);
        }
    }

    private void send(String text) {
        byte[] datagram = text.getBytes(StandardCharsets.ISO_8859_1);
        meter.received(datagram, datagram.length);
    }

    @Test
    void withoutRequestsThereAreNoTimes() {
        assertThat(meter.lately())
                .isEqualTo(new ServiceTraffic(60, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(meter.totals().answered()).isZero();
    }

    @Test
    void aMinuteIsCountedAndThenForgotten() {
        pass(Duration.ofMinutes(10));
        report(97, 200, 10, "200");
        report(3, 502, 200, "502");
        ServiceTraffic lately = meter.lately();
        assertThat(lately.requests()).isEqualTo(100);
        assertThat(lately.requestsPerSecond()).isEqualTo(1.67);
        assertThat(lately.errorRate()).isEqualTo(0.03);
        assertThat(lately.p50Milliseconds()).contains(10.0);
        assertThat(lately.p95Milliseconds()).contains(10.0);
        assertThat(lately.p99Milliseconds()).contains(200.0);

        pass(Duration.ofSeconds(30));
        report(1, 200, 1, "200");
        assertThat(meter.lately().requests()).isEqualTo(101);
        pass(Duration.ofSeconds(30));
        assertThat(meter.lately().requests()).isEqualTo(1);
        assertThat(meter.lately().errorRate()).isZero();
        pass(Duration.ofSeconds(30));
        assertThat(meter.lately().requests()).isZero();
        assertThat(meter.totals().answered()).isEqualTo(101);
    }

    @Test
    void afterALongSilenceOldSlotsDoNotComeBack() {
        report(5, 200, 10, "200");
        pass(Duration.ofHours(30));
        report(1, 200, 10, "200");
        assertThat(meter.lately().requests()).isEqualTo(1);
    }

    @Test
    void aYoungMeterDividesByItsAge() {
        pass(Duration.ofSeconds(10));
        report(100, 200, 10, "200");
        assertThat(meter.lately().requestsPerSecond()).isEqualTo(10);
    }

    @Test
    void totalsGoByClassAndByTime() {
        report(3, 200, 5, "200");
        report(2, 301, 6, "301");
        report(1, 504, 60_000, "504, 504");
        send("<190>Nov 26 12:31:25 brocker: 101 500.000 1 101");
        send("nonsense");
        TrafficTotals totals = meter.totals();
        assertThat(totals.byClass()).containsExactly(1L, 3L, 2L, 0L, 1L);
        assertThat(totals.upstreamFailures()).isEqualTo(2);
        assertThat(totals.malformed()).isEqualTo(1);
        assertThat(totals.answered()).isEqualTo(6);
        assertThat(totals.seconds()).isEqualTo(60.027);
        assertThat(totals.withinBounds().getFirst()).isEqualTo(3);
        assertThat(totals.withinBounds().get(1)).isEqualTo(5);
        assertThat(totals.withinBounds().getLast()).isEqualTo(5);
    }
}
