package brocker.daemon.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Health;
import brocker.spec.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
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

    private static Optional<String> check(String json, InetSocketAddress target) throws IOException {
        return new HealthProbe(health(json), target).check(SocketChannel.open());
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
        assertThat(get("HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n")).contains("TARGET/ready: \"HTTP/1.1 301 Moved\"");
        assertThat(get("HTTP/1.1 500\r\n\r\n")).contains("TARGET/ready: \"HTTP/1.1 500\"");
        assertThat(get("HTTP/1.1 2000 OK\r\n\r\n")).isPresent();
        assertThat(get("HTTP/2.0 200 OK\r\n\r\n")).isPresent();
    }

    @Test
    void garbageAndSilenceAreNoAnswer() throws IOException {
        assertThat(get("SSH-2.0-OpenSSH\r\n")).contains("TARGET/ready: \"SSH-2.0-OpenSSH\"");
        assertThat(get("")).contains("TARGET/ready: \"\"");
        assertThat(get("x".repeat(100_000)).orElseThrow()).hasSizeLessThan(600);
        assertThat(get("~".repeat(20) + "HTTP/1.1 200 OK\r\n")).contains("TARGET: no answer within 300 ms");
    }

    @Test
    @Timeout(2)
    void answerThatDripsIsOverAfterTheTimeout() throws IOException {
        assertThat(get("H~T~T~P~/~1~.~1~ ~2~0~0~ ~x~x~x~x~x~x~x~x~x~x~x~x~x~x~x\r\n"))
                .contains("TARGET: no answer within 300 ms");
    }

    private static List<Optional<String>> changes(String json, boolean healthyBefore, int wanted, String... answers)
            throws Exception {
        BlockingQueue<Optional<String>> told = new LinkedBlockingQueue<>();
        List<Optional<String>> changes = new java.util.ArrayList<>();
        try (Server server = new Server(answers);
                HealthMonitor monitor = new HealthMonitor(
                        "x",
                        health(json),
                        new HealthProbe(health(json), server.address()),
                        SocketChannel::open,
                        healthyBefore,
                        told::add)) {
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

    @Test
    void containerBecomesHealthyAfterSoManySuccessesInARow() throws Exception {
        List<Optional<String>> changes = changes(
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

        assertThat(changes.get(0).orElseThrow()).endsWith("503 No\"");
        assertThat(changes.get(1)).contains("not healthy yet");
        assertThat(changes.get(2).orElseThrow()).endsWith("503 No\"");
        assertThat(changes.get(3)).contains("not healthy yet");
        assertThat(changes.get(4)).isEmpty();
    }

    @Test
    void containerBecomesUnhealthyAfterSoManyFailuresInARow() throws Exception {
        List<Optional<String>> changes = changes(
                "{\"path\":\"/\",\"unhealthy\":3,\"interval\":\"5ms\"}", true, 2, BAD, BAD, GOOD, BAD, BAD, BAD, GOOD);

        assertThat(changes.get(0).orElseThrow()).endsWith("503 No\"");
        assertThat(changes.get(1)).isEmpty();
    }

    @Test
    void socketThatCannotBeMadeIsAFailure() throws Exception {
        BlockingQueue<Optional<String>> told = new LinkedBlockingQueue<>();
        Health health = health("{}");
        HealthProbe probe = new HealthProbe(health, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        try (HealthMonitor monitor = new HealthMonitor(
                "x",
                health,
                probe,
                () -> {
                    throw new IOException("the proxy is being replaced");
                },
                false,
                told::add)) {
            assertThat(monitor).isNotNull();
            assertThat(told.poll(5, TimeUnit.SECONDS)).contains("the proxy is being replaced");
        }
    }
}
