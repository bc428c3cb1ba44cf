package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon goes and comes; the containers do not notice. */
class RestartTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private int port;
    private String first = "";
    private String second = "";

    @BeforeEach
    void add() {
        port = Brockerd.freePort();
        BROCKERD.addService("{\"name\": \"stays\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000}".formatted(port));
        first = BROCKERD.runTool("stays", "serve 9000");
        second = BROCKERD.runTool("stays", "serve 9000");
        BROCKERD.awaitReady("stays", 2);
        Await.until("the proxy uses them", Duration.ofSeconds(10), this::answers);
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "stays").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void containersAndTrafficGoOnWhileTheDaemonIsStopped() throws IOException {
        Map<String, Long> before = pids();
        assertThat(BROCKERD.stop()).isZero();
        for (int i = 0; i < 50; i++) {
            assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        }
        BROCKERD.start();
        assertEverythingWorks(before);
    }

    @Test
    void containersAndTrafficGoOnWhileTheDaemonIsKilled() throws IOException {
        Map<String, Long> before = pids();
        BROCKERD.kill();
        for (int i = 0; i < 50; i++) {
            assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        }
        BROCKERD.start();
        assertEverythingWorks(before);
    }

    @Test
    void noRequestFailsWhileTheDaemonIsReplaced() {
        try (Load load = new Load(port, 8)) {
            Await.until("100 answers", Duration.ofSeconds(20), () -> load.answered() > 100);
            assertThat(BROCKERD.stop()).isZero();
            BROCKERD.start();
            int soFar = load.answered();
            Await.until("100 more", Duration.ofSeconds(20), () -> load.answered() > soFar + 100);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    @Test
    void aContainerThatEndedMeanwhileIsShownWithItsRealExitCode() throws IOException {
        assertThat(BROCKERD.stop()).isZero();
        // One of the two says good-bye and ends with 7.
        assertThat(Http.get("127.0.0.1", port, "/quit").status()).isEqualTo(200);
        Await.pause(Duration.ofMillis(200));
        BROCKERD.start();
        Map<String, Integer> codes = new TreeMap<>();
        for (String name : new String[] {first, second}) {
            codes.put(
                    BROCKERD.view(name).path("state").asString(),
                    BROCKERD.view(name).path("exit-code").asInt(-1));
        }
        assertThat(codes).isEqualTo(Map.of("running", -1, "exited", 7));
        BROCKERD.awaitReady("stays", 1);
        Await.until("requests succeed again", Duration.ofSeconds(5), this::answers);
        for (int i = 0; i < 50; i++) {
            assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aSecondDaemonInTheSameDirectoriesIsRefused() {
        Outcome.run(BROCKERD.commandLine(), Map.of(), new byte[0])
                .failed(1)
                .saying("another brockerd holds the network namespace (process " + BROCKERD.pid() + ")");
        assertThat(BROCKERD.client("container", "list", "-q").succeeded().stdout())
                .contains(first, second);
    }

    private void assertEverythingWorks(Map<String, Long> before) throws IOException {
        assertThat(pids()).isEqualTo(before);
        assertThat(BROCKERD.client("container", "exec", first, "/mnt/tool", "exit", "9")
                        .code())
                .isEqualTo(9);
        BROCKERD.client("container", "stop", first).succeeded();
        assertThat(BROCKERD.view(first).path("exit-code").asInt()).isEqualTo(128 + 15);
        for (int i = 0; i < 50; i++) {
            Http.Answer answer = Http.get("127.0.0.1", port, "/");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.host()).isEqualTo(second.substring(0, 12));
        }
        String third = BROCKERD.runTool("stays", "serve 9000");
        BROCKERD.awaitReady("stays", 2);
        assertThat(BROCKERD.view(third).path("address").asString())
                .isNotEqualTo(BROCKERD.view(second).path("address").asString());
    }

    private boolean answers() {
        try {
            return Http.get("127.0.0.1", port, "/").status() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes of all living containers, the proxy among them. */
    private static Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        BROCKERD.containers("stays").stream()
                .filter(view -> view.has("pid"))
                .forEach(view ->
                        pids.put(view.path("name").asString(), view.path("pid").asLong()));
        assertThat(pids).hasSize(3);
        return pids;
    }
}
