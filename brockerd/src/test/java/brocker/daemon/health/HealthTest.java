package brocker.daemon.health;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Health;
import brocker.spec.json.Json;
import brocker.spec.wire.HealthState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probe and monitor against real sockets on loopback. */
@Timeout(20)
final class HealthTest {
    /** Answers each connection with the next text, the last one again and again; {@code ~} is a pause of 100 ms. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Deque<String> answers;

        Server(String... answers) throws IOException {
            this.answers = new ArrayDeque<>(List.of(answers));
            Thread.ofVirtual().start(this::serve);
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    client.getInputStream().read(new byte[1000]);
                    String answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
                    for (String part : answer.split("(?<=~)", -1)) {
                        client.getOutputStream().write(part.replace("~", "").getBytes(StandardCharsets.ISO_8859_1));
                        Thread.sleep(part.endsWith("~") ? 100 : 0);
                    }
                } catch (IOException _) {
                    // The probe has left, or the test has ended.
                } catch (InterruptedException _) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Health health(String json) {
        return Json.read("test", json, Health.class);
    }

    private static HealthProbe probe(String json, InetSocketAddress target) {
        Health health = health(json);
        return new HealthProbe(HealthCheck.of(health, List.of(), _ -> false), health.timeoutOrDefault(), target);
    }

    private static Optional<String> check(String json, InetSocketAddress target) {
        return seen(probe(json, target));
    }

    /** Why it cannot serve; empty where it can. */
    private static Optional<String> seen(HealthProbe probe) {
        return switch (probe.find(SocketChannel::open)) {
            case Finding.Good() -> Optional.empty();
            case Finding.Bad(String seen, boolean _) -> Optional.of(seen);
            case Finding.Unknown(String why) -> throw new AssertionError(why);
        };
    }

    private static Optional<String> get(String answer) throws IOException {
        try (Server server = new Server(answer)) {
            Optional<String> seen = check("{\"path\":\"/ready\",\"timeout\":\"300ms\"}", server.address());
            String prefix = "127.0.0.1:" + server.address().getPort();
            return seen.map(text -> text.replace(prefix, "TARGET"));
        }
    }

    @Test
    void portThatAnswersCanServe() throws IOException {
        try (Server server = new Server("")) {
            assertThat(check("{}", server.address())).isEmpty();
        }
    }

    @Test
    void portThatNobodyListensOnIsRefused() throws IOException {
        InetSocketAddress address;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), closed.getLocalPort());
        }

        assertThat(check("{}", address)).contains("127.0.0.1:" + address.getPort() + ": connection refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.0 204\r\n\r\n",
                "HTTP/1.1 299 x\n",
                "HTTP/1.1 200",
                "HTTP/1.~1 200 \r\n"
            })
    void statusOf2xxCanServe(String answer) throws IOException {
        assertThat(get(answer)).isEmpty();
    }

    @Test
    void otherStatusIsSaid() throws IOException {
        assertThat(get("HTTP/1.1 503 Service Unavailable\r\n\r\n"))
                .contains("TARGET/ready: \"HTTP/1.1 503 Service Unavailable\"");
        assertThat(get("HTTP/1.1 500\r\n\r\n")).contains("TARGET/ready: \"HTTP/1.1 500\"");
        assertThat(get("HTTP/1.1 2000 OK\r\n\r\n")).isPresent();
        assertThat(get("HTTP/2.0 200 OK\r\n\r\n")).isPresent();
    }

    @Test
    void theFirstLineOfTheBodyIsSaid() throws IOException {
        assertThat(get("HTTP/1.1 500 Oh\r\nServer: x\r\n\r\n\n  no database\r\nat line 1\n"))
                .contains("TARGET/ready: \"HTTP/1.1 500 Oh\", which says \"no database\"");
        assertThat(get("HTTP/1.1 500 Oh\r\n\r\na\u001b[31m\u0007red"))
                .contains("TARGET/ready: \"HTTP/1.1 500 Oh\", which says \"a [31m red\"");
        assertThat(get("HTTP/1.1 500 Oh\r\n\r\n" + "y".repeat(100_000)).orElseThrow())
                .endsWith("yyy…\"")
                .hasSizeLessThan(300);
        assertThat(get("HTTP/1.1 500 Oh\r\nX: " + "~".repeat(20)))
                .as("of a body that does not come")
                .contains("TARGET/ready: \"HTTP/1.1 500 Oh\"");
    }

    @Test
    void redirectIsNotFollowedAndWhereItPointsIsSaid() throws IOException {
        assertThat(get("HTTP/1.1 301 Moved\r\nServer: x\r\nLOCATION:  https://a.example/ready\r\n\r\nmoved"))
                .contains("TARGET/ready: \"HTTP/1.1 301 Moved\", which points to \"https://a.example/ready\";"
                        + " redirects are not followed");
        assertThat(get("HTTP/1.1 307\r\n\r\nnowhere"))
                .contains("TARGET/ready: \"HTTP/1.1 307\", which says \"nowhere\"");
    }

    @Test
    void garbageAndSilenceAreNoAnswer() throws IOException {
        assertThat(get("SSH-2.0-OpenSSH\r\n")).contains("TARGET/ready: \"SSH-2.0-OpenSSH\"");
        assertThat(get("")).contains("TARGET/ready: the connection was closed without an answer");
        assertThat(get("x".repeat(100_000)).orElseThrow()).hasSizeLessThan(600);
        assertThat(get("~".repeat(20) + "HTTP/1.1 200 OK\r\n")).contains("TARGET/ready: no answer within 300 ms");
    }

    @Test
    @Timeout(2)
    void answerThatDripsIsOverAfterTheTimeout() throws IOException {
        assertThat(get("H~T~T~P~/~1~.~1~ ~2~0~0~ ~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x\r\n"))
                .contains("TARGET/ready: no answer within 300 ms");
    }

    private static Optional<String> actuator(String... answers) throws IOException {
        try (Server server = new Server(answers)) {
            Optional<String> seen =
                    seen(new HealthProbe(new HealthCheck.Actuator(), Duration.ofMillis(300), server.address()));
            return seen.map(text -> text.replaceAll("127.0.0.1:\\d+", "TARGET"));
        }
    }

    @Test
    void actuatorThatTellsItsReadinessIsBelieved() throws IOException {
        assertThat(actuator("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"UP\"}", "HTTP/1.1 500 No\r\n\r\n"))
                .isEmpty();
        assertThat(actuator("HTTP/1.1 503\r\n\r\n{\"status\":\"OUT_OF_SERVICE\"}", GOOD))
                .contains("TARGET/actuator/health/readiness: \"HTTP/1.1 503\","
                        + " which says \"{\"status\":\"OUT_OF_SERVICE\"}\"");
        assertThat(actuator("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", GOOD)
                        .orElseThrow())
                .contains("points to \"/login\"");
        assertThat(actuator("HTTP/1.1 500 Oh\r\n\r\n", GOOD).orElseThrow()).contains("readiness: \"HTTP/1.1 500 Oh\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void actuatorThatDoesNotTellIsAskedForLess(int status) throws IOException {
        String untold = "HTTP/1.1 " + status + "\r\n\r\n";

        assertThat(actuator(untold, GOOD, BAD)).isEmpty();
        assertThat(actuator(untold, BAD, GOOD)).contains("TARGET/actuator/health: \"HTTP/1.1 503 No\"");
        assertThat(actuator(untold, untold)).as("it took the connection").isEmpty();
    }

    @Test
    void pathThatIsWrittenHasToAnswer() throws IOException {
        assertThat(get("HTTP/1.1 404 Not Found\r\n\r\n")).contains("TARGET/ready: \"HTTP/1.1 404 Not Found\"");
    }

    private static List<HealthMonitor.Report> changes(String json, boolean healthyBefore, int wanted, String... answers)
            throws Exception {
        try (Server server = new Server(answers)) {
            return changes(health(json), probe(json, server.address()), SocketChannel::open, healthyBefore, wanted);
        }
    }

    private static List<HealthMonitor.Report> changes(
            Health health, HealthProbe probe, HealthProbe.SocketSource sockets, boolean healthyBefore, int wanted)
            throws Exception {
        BlockingQueue<HealthMonitor.Report> told = new LinkedBlockingQueue<>();
        List<HealthMonitor.Report> changes = new ArrayList<>();
        try (HealthMonitor monitor =
                new HealthMonitor("x", health, probe, sockets, healthyBefore, Duration.ZERO, told::add)) {
            assertThat(monitor).isNotNull();
            for (int i = 0; i < wanted; i++) {
                changes.add(told.poll(5, TimeUnit.SECONDS));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        assertThat(told).as("no further change").isEmpty();
        return changes;
    }

    private static final String GOOD = "HTTP/1.1 200 OK\r\n";
    private static final String BAD = "HTTP/1.1 503 No\r\n";
    private static final HealthMonitor.Report HEALTHY = new HealthMonitor.Report(HealthState.HEALTHY, "");
    private static final HealthMonitor.Report NOT_YET =
            new HealthMonitor.Report(HealthState.PROBING, "not healthy yet");

    @Test
    void containerBecomesHealthyAfterSoManySuccessesInARow() throws Exception {
        List<HealthMonitor.Report> changes = changes(
                "{\"path\":\"/\",\"healthy\":3,\"interval\":\"5ms\"}",
                false,
                5,
                BAD,
                GOOD,
                GOOD,
                BAD,
                GOOD,
                GOOD,
                GOOD);

        assertThat(changes.get(0).state()).isEqualTo(HealthState.PROBING);
        assertThat(changes.get(0).reason()).endsWith("503 No\"");
        assertThat(changes.get(1)).isEqualTo(NOT_YET);
        assertThat(changes.get(2).reason()).endsWith("503 No\"");
        assertThat(changes.get(3)).isEqualTo(NOT_YET);
        assertThat(changes.get(4)).isEqualTo(HEALTHY);
    }

    @Test
    void containerBecomesUnhealthyAfterSoManyFailuresInARow() throws Exception {
        List<HealthMonitor.Report> changes = changes(
                "{\"path\":\"/\",\"unhealthy\":3,\"interval\":\"5ms\"}", true, 2, BAD, BAD, GOOD, BAD, BAD, BAD, GOOD);

        assertThat(changes.get(0).state()).isEqualTo(HealthState.UNHEALTHY);
        assertThat(changes.get(0).reason()).endsWith("503 No\"");
        assertThat(changes.get(1)).isEqualTo(HEALTHY);
    }

    @Test
    void containerThatNobodyListensInIsStarting() throws Exception {
        HealthProbe nobody = probe("{}", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

        HealthMonitor.Report first =
                changes(health("{}"), nobody, SocketChannel::open, false, 1).getFirst();

        assertThat(first).isEqualTo(new HealthMonitor.Report(HealthState.STARTING, "127.0.0.1:1: connection refused"));
    }

    @Test
    void socketThatCannotBeMadeSaysNothingOfTheContainer() throws Exception {
        HealthProbe probe = probe("{}", new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        Health often = health("{\"interval\":\"5ms\",\"unhealthy\":1}");
        HealthProbe.SocketSource none = () -> {
            throw new IOException("the proxy is being replaced");
        };
        HealthProbe.SocketSource broken = () -> {
            throw new IllegalStateException("closed");
        };

        assertThat(changes(often, probe, none, false, 1))
                .containsExactly(new HealthMonitor.Report(HealthState.STARTING, "the proxy is being replaced"));
        assertThat(changes(often, probe, none, true, 0)).as("healthy it stays").isEmpty();
        assertThat(changes(often, probe, broken, true, 0))
                .as("healthy it stays")
                .isEmpty();
    }
}
