package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How many requests a container receives that has just joined. In turns, because that is exact: by {@code least_conn} a request that nginx
 * has not quite finished with when the next comes moves it to another.
 */
class WarmUpTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @BeforeEach
    void add() {
        BROCKERD.addService("""
                {"name": "web", "publish": "127.0.0.1:%d", "port": 9000, "load-balance": "round_robin"}""".formatted(port));
        BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 1);
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "web").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void aContainerThatHasJustJoinedReceivesFewerRequestsAtFirst() {
        // The next daemon takes whoever is ready for one that has been there for long.
        BROCKERD.kill();
        BROCKERD.start();
        String second = BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 2);
        assertThat(answersOf(second, 27)).isBetween(2, 4);
        Await.until("they share equally", Duration.ofSeconds(20), () -> answersOf(second, 40) == 20);
    }

    @Test
    void thoseThatJoinOneAfterTheOtherShareEqually() {
        String second = BROCKERD.runTool("web", "serve 9000");
        BROCKERD.awaitReady("web", 2);
        assertThat(answersOf(second, 40)).isEqualTo(20);
    }

    /** How many of so many requests a container answered. */
    private int answersOf(String name, int requests) {
        return (int) IntStream.range(0, requests)
                .mapToObj(_ -> get())
                .filter(answer -> answer.host().equals(name.substring(0, 12)))
                .count();
    }

    private Http.Answer get() {
        try {
            return Http.get("127.0.0.1", port, "/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
