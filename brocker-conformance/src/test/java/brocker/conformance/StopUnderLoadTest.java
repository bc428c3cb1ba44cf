package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The promise that a container leaves the upstream before it is stopped. */
class StopUnderLoadTest {
    private static final int CLIENTS = 16;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void stoppingOneOfThreeUnderLoadFailsNoRequest() {
        int port = Brockerd.freePort();
        BROCKERD.addService("{\"name\": \"load\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000}".formatted(port));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            names.add(BROCKERD.runTool("load", "serve 9000"));
        }
        BROCKERD.awaitReady("load", 3);
        Await.pause(Duration.ofMillis(300));
        try (Load load = new Load(port, CLIENTS)) {
            awaitAnswers(load, 500);
            BROCKERD.client("container", "stop", names.getFirst()).succeeded();
            awaitAnswers(load, 500);
            names.add(BROCKERD.runTool("load", "serve 9000"));
            BROCKERD.awaitReady("load", 3);
            BROCKERD.client("container", "stop", names.get(1)).succeeded();
            awaitAnswers(load, 500);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        assertThat(BROCKERD.service("load").path("ready").asInt()).isEqualTo(2);
    }

    /** Waits for so many more. */
    private static void awaitAnswers(Load load, int number) {
        int wanted = load.answered() + number;
        Await.until(wanted + " answers", Duration.ofSeconds(30), () -> load.answered() >= wanted);
    }
}
