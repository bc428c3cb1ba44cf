package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What users of a daemon that is replaced under its containers have met elsewhere; the numbers are those of moby's issues. */
class LiveRestoreTest {
    private static final String HEALTH =
            "\"health\": {\"path\": \"/\", \"interval\": \"100ms\", \"timeout\": \"500ms\", \"unhealthy\": 2}";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @BeforeEach
    void add() {
        BROCKERD.addService(
                "{\"name\": \"live\", \"publish\": \"127.0.0.1:%d\", \"port\": 9000, %s}".formatted(port, HEALTH));
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "live").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    /** moby 23668: exited containers shown as running after the daemon was started again. */
    @Test
    void exitWhileTheDaemonWasDownIsShownOnceWithItsCode() throws IOException {
        String name = BROCKERD.runTool("live", "serve 9000");
        String address = ready(name, 1).path("address").asString();
        BROCKERD.kill();
        assertThat(Http.get(address, 9000, "/quit").status()).isEqualTo(200);
        awaitGone(name);
        BROCKERD.start();
        assertThat(BROCKERD.view(name).path("state").asString()).isEqualTo("exited");
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(7);
        assertThat(BROCKERD.view(name).has("pid")).isFalse();
        assertThat(BROCKERD.client("container", "list", "-q").succeeded().stdout())
                .doesNotContain(name);
        List<String> exits = BROCKERD.client("events", "--format", "json")
                .succeeded()
                .stdout()
                .lines()
                .filter(line -> line.contains(name) && line.contains("container.exited"))
                .toList();
        assertThat(exits).hasSize(1);
    }

    /** moby 47051: health checks that do not go on after the daemon was started again. */
    @Test
    void healthChecksGoOn() {
        String name = BROCKERD.runTool("live", "serve 9000");
        ready(name, 1);
        long command = BROCKERD.commandPid(name);
        BROCKERD.kill();
        BROCKERD.start();
        BROCKERD.awaitReady("live", 1);
        signal("STOP", command);
        try {
            BROCKERD.awaitReady("live", 0);
            assertThat(BROCKERD.view(name).path("state").asString()).isEqualTo("running");
        } finally {
            signal("CONT", command);
        }
        BROCKERD.awaitReady("live", 1);
    }

    /** moby 31735: a restart policy that is not kept by the daemon that was started again. */
    @Test
    void restartPolicyHoldsForContainersOfTheDaemonBefore() throws IOException {
        String name = BROCKERD.runTool("live", "serve 9000", "\"restart\": \"on-failure\"");
        String address = ready(name, 1).path("address").asString();
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(Http.get(address, 9000, "/quit").status()).isEqualTo(200);
        Await.until(
                "it runs again",
                Duration.ofSeconds(20),
                () -> BROCKERD.view(name).path("restarts").asInt() == 1
                        && BROCKERD.view(name).path("state").asString().equals("running"));
        BROCKERD.awaitReady("live", 1);
    }

    /** moby 37142: requests that fail while the daemon starts. */
    @Test
    void noRequestFailsWhileTheDaemonIsKilledAndStarts() {
        ready(BROCKERD.runTool("live", "serve 9000"), 1);
        ready(BROCKERD.runTool("live", "serve 9000"), 2);
        try (Load load = new Load(port, 8)) {
            for (int i = 0; i < 3; i++) {
                int before = load.answered();
                Await.until("answers", Duration.ofSeconds(20), () -> load.answered() > before + 50);
                BROCKERD.kill();
                BROCKERD.start();
            }
            int soFar = load.answered();
            Await.until("more answers", Duration.ofSeconds(20), () -> load.answered() > soFar + 50);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    /** moby 25870: a paused container that is lost. */
    @Test
    void pausedContainerIsFoundAgain() {
        String name = BROCKERD.runTool("live", "serve 9000");
        JsonNode before = ready(name, 1);
        long init = before.path("pid").asLong();
        long command = BROCKERD.commandPid(name);
        signal("STOP", init);
        signal("STOP", command);
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(BROCKERD.view(name).path("pid").asLong()).isEqualTo(init);
        assertThat(BROCKERD.view(name).path("state").asString()).isEqualTo("running");
        BROCKERD.awaitReady("live", 0);
        signal("CONT", command);
        signal("CONT", init);
        BROCKERD.awaitReady("live", 1);
        assertThat(BROCKERD.client("container", "exec", name, "/mnt/tool", "exit", "9")
                        .code())
                .isEqualTo(9);
    }

    /** moby 25870: a stopping container that is lost. */
    @Test
    void stoppingContainerIsStopped() {
        String name = BROCKERD.runTool("live", "stubborn", "\"stop-timeout\": \"2s\"");
        long init = BROCKERD.view(name).path("pid").asLong();
        Thread client = Thread.ofVirtual().start(() -> BROCKERD.client("container", "stop", "--timeout", "60s", name));
        Await.until(
                "it is stopping",
                Duration.ofSeconds(10),
                () -> BROCKERD.view(name).path("state").asString().equals("stopping"));
        BROCKERD.kill();
        assertThat(ProcessHandle.of(init)).as("PID 1, which ignores SIGTERM").isPresent();
        BROCKERD.start();
        assertThat(BROCKERD.awaitExit(name)).isEqualTo(137);
        assertThat(BROCKERD.view(name).path("restarts").asInt()).isZero();
        join(client);
    }

    /** An application that is blocked because nobody reads what it writes. */
    @Test
    void applicationThatWritesMuchIsNotBlockedWhileTheDaemonIsDown() {
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("container.json", """
                                {"service-name": "live", "log": {"max-size": "1m", "max-files": 2}, "command": ["/bin/sh", "-c",
                                 "until [ -e go ]; do sleep 0.05; done; head -c 20000000 /dev/zero | tr '\\\\0' x; yes | head -n 200000; touch done; sleep 600"]}
                                """).toString())
                .succeeded()
                .stdout()
                .strip();
        Path app = BROCKERD.containers().resolve(name);
        BROCKERD.kill();
        touch(app.resolve("go"));
        Await.until("all is written", Duration.ofSeconds(60), () -> Files.exists(app.resolve("done")));
        BROCKERD.start();
        assertThat(BROCKERD.client("container", "logs", "--tail", "2", name)
                        .succeeded()
                        .stdout())
                .isEqualTo("y\ny\n");
    }

    private static JsonNode ready(String name, int number) {
        BROCKERD.awaitReady("live", number);
        return BROCKERD.view(name);
    }

    private static void awaitGone(String name) {
        Await.until(
                "its processes have ended",
                Duration.ofSeconds(20),
                () -> Host.processesInGroup(BROCKERD.group()).stream()
                        .noneMatch(pid -> Host.read(pid, "cgroup").contains(name)));
    }

    private static void signal(String name, long pid) {
        Outcome.of("kill", "-" + name, String.valueOf(pid));
    }

    private static void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
