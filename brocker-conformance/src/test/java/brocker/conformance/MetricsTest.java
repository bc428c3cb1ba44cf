package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The numbers of a service, which nginx reports over a socket. */
class MetricsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @BeforeEach
    void add() {
        BROCKERD.addService("""
                {"name": "web", "bridge-ip": "10.79.1.1", "publish": "127.0.0.1:%d", "port": 9000, "container": {%s}}""".formatted(port, Tool.template("serve 9000")));
        BROCKERD.awaitReady("web", 1);
    }

    @AfterEach
    void remove() {
        if (BROCKERD.rest().get("/api/v1/services").body().contains("\"web\"")) {
            BROCKERD.client("service", "remove", "web").succeeded();
        }
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void everyRequestIsCountedOnce() {
        request(90, "/status/200");
        request(8, "/status/404");
        request(2, "/status/500");
        awaitRequests(100);
        JsonNode traffic = BROCKERD.service("web").path("traffic");
        assertThat(traffic.path("error-rate").asDouble()).isEqualTo(0.02);
        assertThat(traffic.path("requests-per-second").asDouble()).isPositive();
        assertThat(traffic.path("p50-milliseconds").asDouble())
                .isLessThanOrEqualTo(traffic.path("p99-milliseconds").asDouble());
        assertThat(BROCKERD.client("service", "status", "web").stdout())
                .containsPattern("REQUESTS +PER SECOND +FAILED +P50 +P95 +P99\n")
                .containsPattern("\n100 in 60 s +\\d+\\.\\d+ +2\\.0 % +\\d+ ms +\\d+ ms +\\d+ ms\n");
        Map<String, Double> metrics = metrics();
        assertThat(metrics)
                .containsEntry("brocker_requests_total{service=\"web\",class=\"2xx\"}", 90.0)
                .containsEntry("brocker_requests_total{service=\"web\",class=\"4xx\"}", 8.0)
                .containsEntry("brocker_requests_total{service=\"web\",class=\"5xx\"}", 2.0)
                .containsEntry("brocker_request_duration_seconds_count{service=\"web\"}", 100.0)
                .containsEntry("brocker_request_duration_seconds_bucket{service=\"web\",le=\"+Inf\"}", 100.0)
                .containsEntry("brocker_request_reports_malformed_total{service=\"web\"}", 0.0)
                .containsEntry("brocker_service_desired{service=\"web\"}", 1.0)
                .containsEntry("brocker_service_ready{service=\"web\"}", 1.0);
        assertThat(metrics.keySet().stream().filter(name -> name.startsWith("brocker_container_memory_bytes")))
                .hasSize(2);
        assertThat(BROCKERD.client("service", "inspect", "web").stdout()).contains("\"p99-milliseconds\"");
    }

    @Test
    void metricsNeedTheToken() throws IOException {
        Http.Answer refused = Http.get("127.0.0.1", BROCKERD.port(), "/metrics");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).doesNotContain("brocker_");
    }

    @Test
    void whileTheDaemonIsAwayNginxGoesOnAndAfterwardsItCountsAgain() {
        request(10, "/status/200");
        awaitRequests(10);
        BROCKERD.kill();
        // More than the socket holds.
        request(1_500, "/status/200");
        BROCKERD.start();
        BROCKERD.awaitReady("web", 1);
        Await.until("what the socket held is counted", Duration.ofSeconds(10), () -> requests() > 0);
        long before = awaitQuiet();
        assertThat(before).isLessThan(1_500);
        request(10, "/status/200");
        awaitRequests(before + 10);
        assertThat(proxyLog()).contains(" 200 ").doesNotContain("syslog", "[warn]", "[error]", "[alert]");
    }

    @Test
    void aProxyThatIsReplacedIsCountedOn() {
        request(10, "/status/200");
        awaitRequests(10);
        String proxy = BROCKERD.service("web").path("proxy").asString();
        ProcessHandle.of(BROCKERD.view(proxy).path("pid").asLong())
                .orElseThrow()
                .destroyForcibly();
        Await.until("another proxy", Duration.ofSeconds(20), () -> {
            String now = BROCKERD.service("web").path("proxy").asString();
            return !now.isEmpty()
                    && !now.equals(proxy)
                    && BROCKERD.view(now).path("ready").asBoolean();
        });
        request(10, "/status/200");
        awaitRequests(20);
    }

    @Test
    void whatRootInTheProxySendsThereIsCountedAndDoesNoHarm() {
        String proxy = BROCKERD.service("web").path("proxy").asString();
        String script = """
                use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die;
                for my $text ("", "nonsense", "\\0" x 3000, "x" x 60000, "<190>Nov 26 12:31:25 brocker: 999 9.999 0 -") {
                    send($s, $text, 0, pack_sockaddr_un("/etc/nginx/requests.sock")) // die "send: $!";
                }""";
        BROCKERD.client("container", "exec", proxy, "perl", "-e", script).succeeded();
        Await.until(
                "all are counted",
                Duration.ofSeconds(10),
                () -> metrics().getOrDefault("brocker_request_reports_malformed_total{service=\"web\"}", 0.0) == 5);
        request(10, "/status/200");
        awaitRequests(10);
    }

    private void request(int number, String path) {
        for (int i = 0; i < number; i++) {
            try {
                Http.get("127.0.0.1", port, path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static long requests() {
        return BROCKERD.service("web").path("traffic").path("requests").asLong();
    }

    private static void awaitRequests(long number) {
        Await.until(number + " requests are counted", Duration.ofSeconds(10), () -> requests() >= number);
        assertThat(requests()).isEqualTo(number);
    }

    /** Waits until nothing is counted for a moment. */
    private static long awaitQuiet() {
        long[] last = {-1};
        Await.until("nothing more comes", Duration.ofSeconds(20), () -> {
            long seen = last[0];
            last[0] = requests();
            Await.pause(Duration.ofMillis(200));
            return seen == last[0];
        });
        return last[0];
    }

    private static Map<String, Double> metrics() {
        List<String> lines =
                BROCKERD.rest().get("/metrics").succeeded().body().lines().toList();
        assertThat(lines).allMatch(line -> line.matches("# (HELP|TYPE) \\S+ .+|\\w+\\{[^}]*} [-+.0-9]+"));
        return lines.stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }

    private static String proxyLog() {
        String proxy = BROCKERD.service("web").path("proxy").asString();
        try {
            return Files.readString(
                    BROCKERD.state().resolve("containers").resolve(proxy).resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
