package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A service as its clients meet it: through the published port and on the bridge. */
class ServiceTest {
    private static final String PROXY = "10.77.3.2";
    private static final String LOOPBACK = "127.0.0.1";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private int port;

    @BeforeEach
    void add() {
        port = Brockerd.freePort();
        BROCKERD.addService("""
                {"name": "web", "bridge-ip": "10.77.3.1", "publish": "127.0.0.1:%d", "port": 9000}""".formatted(port));
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "web").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void withoutAReadyContainerItAnswers503AndSaysWhenToTryAgain() throws IOException {
        for (Http.Answer answer : List.of(Http.get(LOOPBACK, port, "/"), Http.get(PROXY, 80, "/"))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After"))
                    .hasValueSatisfying(value -> assertThat(value).matches("\\d+"));
        }
    }

    @Test
    void itAnswersOnThePublishedPortAndOnTheBridge() throws IOException {
        String name = serve();
        assertThat(Http.get(LOOPBACK, port, "/").host()).isEqualTo(name.substring(0, 12));
        assertThat(Http.get(PROXY, 80, "/").host()).isEqualTo(name.substring(0, 12));
    }

    @Test
    void requestsReachEveryReadyContainer() throws IOException {
        Set<String> expected = new HashSet<>();
        for (int i = 1; i <= 3; i++) {
            expected.add(BROCKERD.runTool("web", "serve 9000").substring(0, 12));
        }
        BROCKERD.awaitReady("web", 3);
        awaitHosts(port, expected);
        assertThat(hosts(60)).isEqualTo(expected);
    }

    @Test
    void theClientsAddressArrives() throws IOException {
        serve();
        String local = Http.get(LOOPBACK, port, "/headers").body();
        assertThat(local).containsIgnoringCase("\r\nX-Real-IP: 127.0.0.1\r\n");
        assertThat(local).containsIgnoringCase("\r\nX-Forwarded-For: 127.0.0.1\r\n");
        assertThat(local).containsIgnoringCase("\r\nX-Forwarded-Proto: http\r\n");
        assertThat(Http.get(PROXY, 80, "/headers").body()).containsIgnoringCase("\r\nX-Real-IP: 10.77.3.1\r\n");
    }

    @Test
    void anUpgradedConnectionCarriesBytesBothWays() throws IOException {
        serve();
        try (Socket socket = Http.connect(LOOPBACK, port)) {
            OutputStream out = socket.getOutputStream();
            write(out, "GET /socket HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(Http.head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            for (int i = 0; i < 3; i++) {
                write(out, "ping" + i);
                assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                        .isEqualTo("ping" + i);
            }
        }
    }

    @Test
    void aPostOfFiveMegabytesPasses() throws IOException {
        serve();
        Http.Answer answer = Http.send(LOOPBACK, port, "POST", "/", List.of(), new byte[5 << 20]);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).endsWith(" " + (5 << 20) + "\n");
    }

    @Test
    void aContainerJoinsWhenItsPortAnswers() throws IOException {
        String name = BROCKERD.runTool("web", "serve 9000 1500");
        assertThat(BROCKERD.view(name).path("ready").asBoolean()).isFalse();
        assertThat(Http.get(LOOPBACK, port, "/").status()).isEqualTo(503);
        BROCKERD.awaitReady("web", 1);
        awaitHosts(port, Set.of(name.substring(0, 12)));
    }

    @Test
    void onceAContainerIsShownReadyNoRequestFails() throws IOException {
        BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 1);
        hosts(50);
    }

    @Test
    void aContainerThatDoesNotAnswerYetGetsNoRequests() throws IOException {
        String ready = serve();
        String late = BROCKERD.runTool("web", "serve 9000 20000");
        assertThat(hosts(50)).containsExactly(ready.substring(0, 12));
        assertThat(BROCKERD.view(late).path("reason").asString()).isNotEmpty();
    }

    @Test
    void afterAContainerHasEndedByItselfNoRequestFails() throws IOException {
        String first = BROCKERD.runTool("web", "serve 9000");
        String second = BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 2);
        awaitHosts(port, Set.of(first.substring(0, 12), second.substring(0, 12)));
        // Whichever of the two it reaches says good-bye and ends.
        assertThat(Http.get(LOOPBACK, port, "/quit").status()).isEqualTo(200);
        Await.until(
                "one has ended",
                Duration.ofSeconds(10),
                () -> BROCKERD.containers("web").stream()
                        .anyMatch(view -> view.path("exit-code").asInt(-1) == 7));
        String left = BROCKERD.view(first).path("state").asString().equals("running") ? first : second;
        assertThat(hosts(200)).containsExactly(left.substring(0, 12));
    }

    @Test
    void theLastContainerLeavesA503() throws IOException {
        String name = serve();
        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(Http.get(LOOPBACK, port, "/").status()).isEqualTo(503);
    }

    @Test
    void theProxyIsAContainerThatCannotBeStoppedAlone() {
        String proxy = BROCKERD.service("web").path("proxy").asString();
        assertThat(BROCKERD.view(proxy).path("role").asString()).isEqualTo("proxy");
        for (String verb : List.of("stop", "remove")) {
            BROCKERD.client("container", verb, proxy)
                    .failed(1)
                    .saying("is the proxy of the service \"web\"")
                    .hinting("brocker-client service remove web");
        }
    }

    private String serve() {
        String name = BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 1);
        awaitHosts(port, Set.of(name.substring(0, 12)));
        return name;
    }

    /** Waits until the workers of the earlier configuration, which may still accept a connection, are gone. */
    private static void awaitHosts(int port, Set<String> expected) {
        Await.until("only " + expected + " answer", Duration.ofSeconds(10), () -> {
            try {
                for (int i = 0; i < 10; i++) {
                    Http.Answer answer = Http.get(LOOPBACK, port, "/");
                    if (answer.status() != 200 || !expected.contains(answer.host())) {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Who answered so many requests, all of which succeeded. */
    private Set<String> hosts(int requests) throws IOException {
        Set<String> hosts = new HashSet<>();
        for (int i = 0; i < requests; i++) {
            Http.Answer answer = Http.get(LOOPBACK, port, "/");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            hosts.add(answer.host());
        }
        return hosts;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
