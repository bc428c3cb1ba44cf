package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Replicas that run and are not healthy, outside of any deployment. */
class UnhealthyTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "shop");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void oneLeavesTheUpstreamAndIsStoppedWhenAnotherIsHealthyInItsPlace() {
        add("serve 9000", 2);
        String victim = running().getFirst();
        try (Load load = new Load(port, 4)) {
            load.awaitAnswers(50);
            ill(victim, true);
            Await.until(
                    "it is gone",
                    LONGEST,
                    () -> BROCKERD.view(victim).path("state").asString().equals("exited"));
            BROCKERD.awaitReady("shop", 2);
            load.awaitAnswers(50);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        JsonNode ended = BROCKERD.inspect(victim);
        assertThat(ended.path("reason").asString())
                .matches("unhealthy: 10\\.0\\.1\\.\\d+:9000/health: \"HTTP/1\\.1 503 Ill\", which says \"ill!\"");
        assertThat(BROCKERD.client("container", "list", "-a").succeeded().stdout())
                .contains(victim.substring(0, 12))
                .contains("exited (143, unhealthy)");
        assertThat(running()).hasSize(2).doesNotContain(victim);
    }

    @Test
    void allAtOnceAreNotStoppedAndThoseThatRecoverStay() {
        add("serve 9000 2000", 3);
        List<String> before = running();
        before.forEach(name -> ill(name, true));
        BROCKERD.awaitReady("shop", 0);
        assertThat(running()).as("kept as they are").containsAll(before);
        assertThat(BROCKERD.view(before.getFirst()).path("health").asString()).isEqualTo("unhealthy");
        Set<String> seen = new TreeSet<>();
        Await.until("another is started", LONGEST, () -> {
            seen.addAll(running());
            return seen.size() > 3;
        });
        assertThat(seen).as("one at a time").hasSize(4);
        before.forEach(name -> ill(name, false));
        BROCKERD.awaitReady("shop", 3);
        Await.until("the superfluous one leaves", LONGEST, () -> running().equals(before));
    }

    @Test
    void whatDoesNotBecomeHealthyInTimeIsReplacedWithAPause() {
        BROCKERD.addService(spec("sleep", 1));
        Await.until("two were given up", LONGEST, () -> ended().size() >= 2);
        assertThat(running()).as("never more than there should be").hasSizeLessThan(2);
        for (JsonNode view : ended()) {
            assertThat(view.path("reason").asString())
                    .matches("not healthy within 1s: 10\\.0\\.1\\.\\d+:9000/health: connection refused");
        }
        List<Long> starts = ended().stream()
                .map(view ->
                        java.time.Instant.parse(view.path("started").asString()).toEpochMilli())
                .toList();
        assertThat(starts.get(1) - starts.get(0)).as("its time, and a pause").isGreaterThan(1_900);
        assertThat(BROCKERD.client("service", "status", "shop").succeeded().stdout())
                .contains("shop: 0/1 ready");
    }

    @Test
    void whatTheUserRanIsTakenOutAndNeverReplaced() {
        BROCKERD.addService("""
                {"name": "shop", "publish": "127.0.0.1:%d", "port": 9000, "health": {"path": "/health", "interval": "50ms"}}""".formatted(port));
        String own = BROCKERD.runTool("shop", "serve 9000");
        BROCKERD.awaitReady("shop", 1);
        ill(own, true);
        BROCKERD.awaitReady("shop", 0);
        Await.pause(Duration.ofMillis(1_500));
        assertThat(BROCKERD.containers("shop")).as("with the proxy").hasSize(2);
        assertThat(BROCKERD.view(own).path("reason").asString()).contains("503 Ill");
        ill(own, false);
        BROCKERD.awaitReady("shop", 1);
    }

    /** A thread that a thread in a container's network starts is born there; what it does for the host goes astray. */
    @Test
    void noThreadOfTheDaemonStaysInTheNetworkThatItProbes() {
        add("serve 9000", 2);
        Set<String> foreign = foreignThreads();
        assertThat(foreign).as("at least one thread is elsewhere by design").isNotEmpty();
        for (int i = 0; i < 10; i++) {
            Await.pause(Duration.ofMillis(30));
            foreign.retainAll(foreignThreads());
        }
        assertThat(foreign).allMatch(thread -> thread.endsWith(" sandbox"));
    }

    /** The daemon's threads, by number and name, that are in another network namespace than its first. */
    private static Set<String> foreignThreads() {
        Path process = Path.of("/proc", String.valueOf(BROCKERD.pid()));
        Set<String> found = new TreeSet<>();
        for (String thread : Host.entries(process.resolve("task"))) {
            Path task = process.resolve("task").resolve(thread);
            try {
                if (!Files.readSymbolicLink(task.resolve("ns/net"))
                        .equals(Files.readSymbolicLink(process.resolve("ns/net")))) {
                    found.add(thread + " "
                            + Files.readString(task.resolve("comm")).strip());
                }
            } catch (IOException _) {
                // It has ended.
            }
        }
        return found;
    }

    private void add(String command, int replicas) {
        BROCKERD.addService(spec(command, replicas));
        BROCKERD.awaitReady("shop", replicas);
    }

    private String spec(String command, int replicas) {
        return """
                {"name": "shop", "bridge-ip": "10.0.1.1", "publish": "127.0.0.1:%d", "port": 9000, "replicas": %d,
                 "health": {"path": "/health", "interval": "50ms", "unhealthy": 2, "start-timeout": "%s"}, "container": {%s}}
                """.formatted(port, replicas, command.equals("sleep") ? "1s" : "60s", Tool.template(command));
    }

    /** The tool answers its health check by whether there is this file. */
    private static void ill(String name, boolean so) {
        Path file = BROCKERD.containers().resolve(name).resolve("ill");
        try {
            if (so) {
                Files.createFile(file);
            } else {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> running() {
        return BROCKERD.replicas("shop").stream()
                .filter(view -> view.path("state").asString().equals("running"))
                .map(view -> view.path("name").asString())
                .toList();
    }

    private static List<JsonNode> ended() {
        return BROCKERD.containers("shop").stream()
                .filter(view -> view.path("state").asString().equals("exited"))
                .toList();
    }
}
