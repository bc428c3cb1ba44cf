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

/** A container that is started again under its name, because its policy says so or because its user does. */
class RestartPolicyTest {
    /** Notes its start in its directory and in its log, and fails. */
    private static final String FAILS = "\"command\": [\"/bin/sh\", \"-c\", \"echo start | tee -a starts; exit 3\"]";

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeEach
    void add() {
        BROCKERD.addService("{\"name\": \"again\", \"port\": 9000}");
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "again").succeeded();
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void alwaysComesBackUntilItIsStopped() throws IOException {
        String name = run(FAILS, "always");
        awaitRestarts(name, 2);
        await(name, "restarting");
        assertThat(starts(name)).isGreaterThanOrEqualTo(3);
        assertThat(logged(name)).isGreaterThanOrEqualTo(3);
        assertThat(listed("container", "list"))
                .anyMatch(line -> line.matches(name.substring(0, 12) + ".* restarting \\(3\\) .*"));

        BROCKERD.client("container", "stop", name).succeeded();
        long before = starts(name);
        assertThat(state(name)).isEqualTo("exited");
        Await.pause(Duration.ofSeconds(5));
        assertThat(starts(name)).as("after the stop").isEqualTo(before);
        assertThat(state(name)).isEqualTo("exited");
    }

    @Test
    void onFailureIsGivenUpVisibly() throws IOException {
        String name = run(FAILS, "on-failure:2");
        await(name, "exited");
        assertThat(BROCKERD.view(name).path("restarts").asInt()).isEqualTo(2);
        assertThat(starts(name)).isEqualTo(3);
        assertThat(listed("container", "list", "-a"))
                .anyMatch(line -> line.contains(" exited (3, given up after 2 restarts) "));
    }

    @Test
    void successAndNoPolicyAreLeftAlone() throws IOException {
        String done = run("\"command\": [\"/bin/sh\", \"-c\", \"echo start >> starts\"]", "on-failure");
        String plain = run(FAILS, "no");
        BROCKERD.awaitExit(done);
        BROCKERD.awaitExit(plain);
        Await.pause(Duration.ofMillis(1500));
        assertThat(starts(done)).isEqualTo(1);
        assertThat(starts(plain)).isEqualTo(1);
        assertThat(BROCKERD.view(done).path("restarts").asInt()).isZero();
    }

    @Test
    void policyOutlivesTheDaemon() throws IOException {
        String resting = run(FAILS, "always");
        String running = BROCKERD.runTool("again", "serve 9000", "\"restart\": \"on-failure\"");
        String stopped = BROCKERD.runTool("again", "serve 9000", "\"restart\": \"always\"");
        BROCKERD.client("container", "stop", stopped).succeeded();
        awaitRestarts(resting, 2);
        await(resting, "restarting");
        long starts = starts(resting);
        long pid = BROCKERD.commandPid(running);
        BROCKERD.kill();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        BROCKERD.start();

        awaitRestarts(running, 1);
        await(running, "running");
        Await.until("it is started again", Duration.ofSeconds(20), () -> starts(resting) > starts);
        assertThat(state(stopped)).isEqualTo("exited");
    }

    @Test
    void afterTheHostWasRestartedAlwaysComesBack() throws IOException {
        String always = BROCKERD.runTool("again", "serve 9000", "\"restart\": \"always\"");
        String onFailure = BROCKERD.runTool("again", "serve 9000", "\"restart\": \"on-failure\"");
        List<Long> inits = List.of(pid(always), pid(onFailure));
        BROCKERD.kill();
        for (long init : inits) {
            assertThat(ProcessHandle.of(init).orElseThrow().destroyForcibly()).isTrue();
        }
        Path another = BROCKERD.file("boot-id", "00000000-0000-4000-8000-000000000000\n");
        Outcome.of("mount", "--bind", another.toString(), BOOT_ID.toString());
        try {
            BROCKERD.start();
            await(always, "running");
            assertThat(state(onFailure)).isEqualTo("exited");
            assertThat(BROCKERD.view(onFailure).path("reason").asString()).isEqualTo("the host restarted");
        } finally {
            // What was started in that boot is another boot's again.
            Outcome.of("umount", BOOT_ID.toString());
            BROCKERD.client("container", "stop", "--timeout", "0s", always).succeeded();
            BROCKERD.stop();
            BROCKERD.start();
        }
    }

    @Test
    void restartKeepsNameAddressAndFiles() throws IOException {
        String name = BROCKERD.runTool("again", "serve 9000");
        BROCKERD.awaitReady("again", 1);
        JsonNode before = BROCKERD.view(name);
        BROCKERD.client("container", "exec", name, "/bin/sh", "-c", "echo start > /app/starts")
                .succeeded();
        assertThat(BROCKERD.client("container", "restart", name).succeeded().stdout())
                .isEqualTo(name + "\n");

        JsonNode after = BROCKERD.view(name);
        assertThat(after.path("state").asString()).isEqualTo("running");
        assertThat(after.path("pid").asLong()).isNotEqualTo(before.path("pid").asLong());
        assertThat(after.path("address")).isEqualTo(before.path("address"));
        assertThat(after.path("restarts").asInt()).isEqualTo(1);
        assertThat(starts(name)).isEqualTo(1);
        BROCKERD.client("container", "exec", name, "/bin/sh", "-c", "echo start >> /app/starts")
                .succeeded();
        assertThat(starts(name)).as("its files are still its own").isEqualTo(2);
        BROCKERD.awaitReady("again", 1);

        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(state(name)).isEqualTo("exited");
        BROCKERD.client("container", "restart", name).succeeded();
        await(name, "running");
        BROCKERD.awaitReady("again", 1);
    }

    @Test
    void aRestartedReplicaIsNotReplaced() {
        BROCKERD.addService("{\"name\": \"two\", \"port\": 9000, \"replicas\": 2, \"container\": {%s}}"
                .formatted(Tool.template("serve 9000")));
        BROCKERD.awaitReady("two", 2);
        JsonNode proxy = one("two", "proxy");
        String name = one("two", "replica").path("name").asString();
        BROCKERD.client("container", "restart", name).succeeded();
        BROCKERD.awaitReady("two", 2);
        assertThat(BROCKERD.containers("two")).hasSize(3);
        assertThat(state(name)).isEqualTo("running");

        Outcome refused =
                BROCKERD.client("container", "restart", proxy.path("name").asString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.stderr())
                .startsWith("error: the container \"")
                .contains("is the proxy of the service \"two\"");
        BROCKERD.client("container", "stop", name).succeeded();
        Outcome replaced = BROCKERD.client("container", "restart", name);
        assertThat(replaced.stderr()).contains("has been replaced").contains("hint: ");
        BROCKERD.client("service", "remove", "two").succeeded();
    }

    private static String run(String command, String policy) {
        Path file = BROCKERD.file(
                "container.json", "{\"service-name\": \"again\", %s, \"restart\": \"%s\"}".formatted(command, policy));
        return BROCKERD.client("container", "run", file.toString())
                .succeeded()
                .stdout()
                .strip();
    }

    private static String state(String name) {
        return BROCKERD.view(name).path("state").asString();
    }

    private static long pid(String name) {
        return BROCKERD.view(name).path("pid").asLong();
    }

    private static void await(String name, String state) {
        Await.until(
                name + " is " + state, Duration.ofSeconds(30), () -> state(name).equals(state));
    }

    private static void awaitRestarts(String name, int number) {
        Await.until(
                name + " was restarted " + number + " times",
                Duration.ofSeconds(30),
                () -> BROCKERD.view(name).path("restarts").asInt() >= number);
    }

    private static long starts(String name) {
        Path file = BROCKERD.containers().resolve(name).resolve("starts");
        return Files.exists(file) ? Host.lines(file).size() : 0;
    }

    private static long logged(String name) throws IOException {
        return BROCKERD.client("container", "logs", name)
                .succeeded()
                .stdout()
                .lines()
                .count();
    }

    private static List<String> listed(String... words) {
        return BROCKERD.client(words).succeeded().stdout().lines().toList();
    }

    private static JsonNode one(String service, String role) {
        return BROCKERD.containers(service).stream()
                .filter(view -> view.path("role").asString().equals(role))
                .findFirst()
                .orElseThrow();
    }
}
