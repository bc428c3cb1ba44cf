package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.port.TrafficTotals;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.ContainerStats;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetricsTextTest {
    private static final ServiceName SHOP = new ServiceName("shop");

    @Test
    void withoutServicesThereAreFamiliesAlone() {
        String text = MetricsText.of(List.of(), Map.of(), List.of());

        assertThat(text.lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("# HELP ") || line.startsWith("# TYPE "));
        assertThat(text).endsWith("\n");
    }

    @Test
    void everythingIsSaidOfAService() {
        TrafficTotals totals = new TrafficTotals(
                List.of(1L, 20L, 3L, 4L, 5L), 6, 7, Collections.nCopies(TrafficTotals.BOUNDS.size(), 30L), 32, 12.345);
        ContainerStats stats = new ContainerStats(
                new ContainerName("0123456789012345678901234567890123456789"),
                SHOP,
                Instant.EPOCH,
                1_500_000_000,
                4096,
                8192,
                1,
                2,
                3,
                4,
                Optional.empty(),
                Optional.empty());
        assertThat(MetricsText.of(List.of(), Map.of(SHOP, totals), List.of(stats))
                        .lines())
                .contains(
                        "# TYPE brocker_requests_total counter",
                        "brocker_requests_total{service=\"shop\",class=\"2xx\"} 20",
                        "brocker_requests_total{service=\"shop\",class=\"5xx\"} 5",
                        "brocker_upstream_failures_total{service=\"shop\"} 6",
                        "brocker_request_reports_malformed_total{service=\"shop\"} 7",
                        "# TYPE brocker_request_duration_seconds histogram",
                        "brocker_request_duration_seconds_bucket{service=\"shop\",le=\"0.005\"} 30",
                        "brocker_request_duration_seconds_bucket{service=\"shop\",le=\"30.0\"} 30",
                        "brocker_request_duration_seconds_bucket{service=\"shop\",le=\"+Inf\"} 32",
                        "brocker_request_duration_seconds_sum{service=\"shop\"} 12.345",
                        "brocker_request_duration_seconds_count{service=\"shop\"} 32",
                        "brocker_container_memory_bytes{service=\"shop\",container=\"012345678901\"} 4096",
                        "brocker_container_cpu_seconds_total{service=\"shop\",container=\"012345678901\"} 1.500000000");
    }
}
