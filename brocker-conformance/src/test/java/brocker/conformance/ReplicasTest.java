package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void oneThatStartsYieldsToThoseThatServe() {
        BROCKERD.addService("{\"name\": \"yields\", \"port\": 9000, \"replicas\": 1, \"container\": {%s}}"
                .formatted(Tool.template("serve 9000 3000")));
        String replica = BROCKERD.replicas("yields").stream()
                .map(view -> view.path("name").asString())
                .findFirst()
                .orElseThrow();
        String job = BROCKERD.runTool("yields", "sleep");
        assertThat(weight(replica)).as("while it starts").isLessThan(0.11);
        assertThat(weight(job)).as("of one that may never listen").isEqualTo(1);
        BROCKERD.kill();
        BROCKERD.start();
        BROCKERD.awaitReady("yields", 1);
        assertThat(weight(replica)).as("when it is ready").isEqualTo(1);
        BROCKERD.client("service", "remove", "yields").succeeded();
    }

    /** Of the processors, as a part of the kernel's default. */
    private static double weight(String name) {
        return BROCKERD.leftovers().childGroups().stream()
                .filter(group -> group.getFileName().toString().equals(name))
                .flatMap(group -> Stream.of(group.resolve("cpu.weight"), group.resolve("cpu.shares")))
                .filter(Files::exists)
                .mapToDouble(file ->
                        Double.parseDouble(Host.lines(file).getFirst()) / (file.endsWith("cpu.weight") ? 100 : 1024))
                .findFirst()
                .orElseThrow();
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
        return BROCKERD.replicas("three").stream()
                .filter(view -> view.path("state").asString().equals("running"))
                .map((JsonNode view) -> view.path("name").asString())
                .toList();
    }
}
