package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A service with a template. */
class ReplicasTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @Test
    void replicasAreStartedReplacedWhenKilledAndRemovedWithTheService() {
        BROCKERD.addService("{\"name\": \"three\", \"port\": 9000, \"replicas\": 3, \"container\": {%s}}"
                .formatted(Tool.template("serve 9000")));
        awaitListed("three", "3/3");
        List<String> before = replicas();
        assertThat(before).hasSize(3);

        String victim = before.getFirst();
        long pid = BROCKERD.commandPid(victim);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        assertThat(BROCKERD.awaitExit(victim)).isEqualTo(128 + 9);
        Await.until("a replacement", Duration.ofSeconds(20), () -> replicas().size() == 3);
        awaitListed("three", "3/3");
        assertThat(replicas()).doesNotContain(victim).containsAll(before.subList(1, 3));

        String stopped = before.get(1);
        BROCKERD.client("container", "stop", stopped).succeeded();
        Await.until("a replacement", Duration.ofSeconds(20), () -> replicas().size() == 3);
        awaitListed("three", "3/3");

        BROCKERD.client("service", "remove", "three").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
        assertThat(BROCKERD.client("service", "list", "-q").succeeded().stdout())
                .isEmpty();
        assertThat(BROCKERD.client("container", "list", "-a", "-q").succeeded().stdout())
                .isEmpty();
    }

    private static void awaitListed(String service, String ready) {
        Await.until(
                service + " shows " + ready,
                Duration.ofSeconds(30),
                () -> BROCKERD.client("service", "list")
                        .succeeded()
                        .stdout()
                        .lines()
                        .anyMatch(line -> line.matches(service + " .* " + ready + "\\s*")));
    }

    private static List<String> replicas() {
        return BROCKERD.containers("three").stream()
                .filter(view -> view.path("role").asString().equals("replica"))
                .filter(view -> view.path("state").asString().equals("running"))
                .map((JsonNode view) -> view.path("name").asString())
                .toList();
    }
}
