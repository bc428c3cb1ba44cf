package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** nginx is killed; connections wait until the next one is there. */
class ProxyEndTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void killedProxyIsReplacedAndNoConnectionIsRefusedMeanwhile() {
        int port = Brockerd.freePort();
        BROCKERD.addService(
                "{\"name\": \"behind\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000, \"replicas\": 2, \"container\": {%s}}"
                        .formatted(port, Tool.template("serve 9000")));
        BROCKERD.awaitReady("behind", 2);
        try (Load load = new Load(port, 8)) {
            for (String killed : List.of("nginx", "its PID 1")) {
                int before = load.answered();
                Await.until("answers", Duration.ofSeconds(20), () -> load.answered() > before + 50);
                String name = proxy().path("name").asString();
                long pid = killed.equals("nginx")
                        ? BROCKERD.commandPid(name)
                        : proxy().path("pid").asLong();
                long begin = System.nanoTime();
                assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly())
                        .isTrue();
                Await.until("another proxy answers", Duration.ofSeconds(20), () -> {
                    JsonNode now = proxy();
                    return !now.path("name").asString("").equals(name)
                            && now.path("ready").asBoolean();
                });
                System.out.println("ProxyEndTest: " + killed + " was killed; another answers after "
                        + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
            }
            int soFar = load.answered();
            Await.until("answers again", Duration.ofSeconds(20), () -> load.answered() > soFar + 100);
            load.finish();
            // What the killed one was working on is lost; whoever came later has waited.
            assertThat(load.failures()).noneMatch(failure -> failure.contains("refused"));
            assertThat(load.failures()).hasSizeLessThanOrEqualTo(2 * 8);
        }
        BROCKERD.client("service", "remove", "behind").succeeded();
    }

    /** The living one, or nothing. */
    private static JsonNode proxy() {
        return BROCKERD.containers("behind").stream()
                .filter(view -> view.path("role").asString().equals("proxy") && view.has("pid"))
                .findFirst()
                .orElseGet(() -> Rest.parse("{}"));
    }
}
