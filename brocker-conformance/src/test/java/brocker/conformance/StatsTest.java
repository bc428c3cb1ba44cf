package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code container stats}. */
class StatsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"stats\", \"bridge-ip\": \"10.77.12.1\"}");
    }

    /** Runs a script of bash, and waits until it has made {@code /app/ready}. */
    private static String run(String script, String limits) {
        String json = """
                {"service-name": "stats", "command": ["/bin/bash", "-c", "%s"]%s}
                """.formatted(script, limits);
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("stats.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        Await.until(
                "the script is ready",
                Duration.ofSeconds(20),
                () -> Files.exists(BROCKERD.containers().resolve(name).resolve("ready")));
        return name;
    }

    private static JsonNode stats(String name) {
        JsonNode array = Rest.parse(BROCKERD.client("container", "stats", "--format", "json", name)
                .succeeded()
                .stdout());
        assertThat(array.size()).isEqualTo(1);
        return array.get(0);
    }

    @Test
    void whatAContainerTakesIsItsOwn() {
        String busy = run(
                "head -c 30000000 /dev/zero > /dev/shm/x; for i in {1..40}; do head -c 5000 /dev/zero > /dev/udp/10.77.12.1/9; done;"
                        + " touch /app/ready; while true; do :; done",
                ", \"memory\": \"64m\", \"cpus\": 0.5, \"pids\": 99");
        JsonNode stats = stats(busy);

        assertThat(stats.path("name").asString()).isEqualTo(busy);
        assertThat(stats.path("service").asString()).isEqualTo("stats");
        assertThat(stats.path("memory").asLong()).isBetween(29_000_000L, 64L << 20);
        assertThat(stats.path("memory-limit").asLong()).isEqualTo(64L << 20);
        assertThat(stats.path("pids").asInt()).isEqualTo(2);
        assertThat(stats.path("pids-limit").asInt()).isEqualTo(99);
        assertThat(stats.path("cpu-percent").asDouble()).isBetween(10.0, 75.0);
        assertThat(stats.path("network-sent").asLong()).isBetween(200_000L, 400_000L);
        assertThat(stats.path("network-received").asLong()).isBetween(1L, 100_000L);
        assertThat(stats.path("block-read").asLong()).isNotNegative();
    }

    @Test
    void whatHasNoLimitOfItsOwnHasTheOneOfAll() {
        String idle = run("touch /app/ready; sleep 600", "");
        JsonNode stats = stats(idle);

        assertThat(stats.path("memory-limit").asLong())
                .isBetween(64L << 20, Runtime.getRuntime().maxMemory() * 16);
        assertThat(stats.path("cpu-percent").asDouble()).isBetween(0.0, 5.0);
    }

    @Test
    void everyRunningContainerIsInTheTableWithTheProxy() {
        String first = run("touch /app/ready; sleep 600", "");
        String proxy = BROCKERD.service("stats").path("proxy").asString();
        List<String> lines = BROCKERD.client("container", "stats")
                .succeeded()
                .stdout()
                .lines()
                .toList();

        assertThat(lines.getFirst().split("  +", -1))
                .containsExactly(
                        "NAME",
                        "SERVICE",
                        "CPU",
                        "MEMORY",
                        "OF LIMIT",
                        "PIDS",
                        "NETWORK IN",
                        "OUT",
                        "BLOCK READ",
                        "WRITTEN");
        assertThat(lines).anyMatch(line -> line.startsWith(first.substring(0, 12) + "   stats "));
        assertThat(lines).anyMatch(line -> line.startsWith(proxy.substring(0, 12) + "   stats "));
        int running = BROCKERD.client("container", "list", "-q")
                .stdout()
                .lines()
                .toList()
                .size();
        assertThat(lines).hasSize(1 + running);
    }

    @Test
    void endedOrUnknownContainerIsRefused() {
        String ended = BROCKERD.runTool("stats", "exit 0");
        BROCKERD.awaitExit(ended);

        BROCKERD.client("container", "stats", ended)
                .failed(1)
                .saying("\"" + ended.substring(0, 12) + "\" is not running");
        BROCKERD.client("container", "stats", "ffffffffffff")
                .failed(1)
                .saying("there is no container \"ffffffffffff\"");
    }
}
