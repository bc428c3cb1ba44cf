package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fifty containers behind one port, under load, while there is no daemon. */
class FiftyContainersTest {
    private static final int NUMBER = 50;

    /** How long there is no daemon; {@code bench/} measures with ten seconds. */
    private static final Duration ABSENCE = Duration.ofSeconds(Integer.getInteger("brocker.absence", 10));

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void killedDaemonFindsAllOfThemAndNoRequestFails() {
        int port = Brockerd.freePort();
        BROCKERD.addService(
                "{\"name\": \"fifty\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000, \"replicas\": %d, \"container\": {%s}}"
                        .formatted(port, NUMBER - 10, Tool.template("serve 9000")));
        String body = "{\"service-name\": \"fifty\", %s}".formatted(Tool.template("serve 9000"));
        for (int i = 0; i < 10; i++) {
            BROCKERD.rest().post("/api/v1/containers", body).succeeded();
        }
        Await.until(
                "all are ready",
                Duration.ofSeconds(60),
                () -> BROCKERD.service("fifty").path("ready").asInt() == NUMBER);
        Map<String, Long> before = pids();
        assertThat(before).hasSize(NUMBER + 1);
        try (Load load = new Load(port, 8)) {
            Await.until("answers", Duration.ofSeconds(20), () -> load.answered() > 100);
            BROCKERD.kill();
            int alone = load.answered();
            Await.pause(ABSENCE);
            assertThat(load.answered()).as("answers without a daemon").isGreaterThan(alone + 100);
            long begin = System.nanoTime();
            BROCKERD.start();
            System.out.println("FiftyContainersTest: the API answers after "
                    + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
            assertThat(pids()).isEqualTo(before);
            assertThat(BROCKERD.service("fifty").path("ready").asInt()).isEqualTo(NUMBER);
            int soFar = load.answered();
            Await.until("more answers", Duration.ofSeconds(20), () -> load.answered() > soFar + 100);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        assertThat(pids()).as("after the health checks of the new daemon").isEqualTo(before);
        BROCKERD.client("service", "remove", "fifty").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    private static Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        BROCKERD.containers("fifty").stream()
                .filter(view -> view.has("pid"))
                .forEach(view ->
                        pids.put(view.path("name").asString(), view.path("pid").asLong()));
        return pids;
    }
}
