package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code container list}, {@code inspect}, {@code stop} and {@code logs}. */
class ContainerVerbsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String sleeper = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"verbs\", \"bridge-ip\": \"10.77.2.1\"}");
        sleeper = BROCKERD.runTool("verbs", "sleep");
    }

    @Test
    void listShowsTheShortNameServiceStateAddressAgeAndCommand() {
        List<String> lines = list().lines().toList();
        assertThat(lines.getFirst().split(" +", -1))
                .containsExactly("NAME", "SERVICE", "STATE", "ADDRESS", "STARTED", "COMMAND");
        String line = lines.stream()
                .filter(candidate -> candidate.startsWith(sleeper.substring(0, 12)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(lines));
        assertThat(line)
                .doesNotContain(sleeper)
                .containsPattern(" verbs +running.* 10\\.77\\.2\\.\\d+ .* ago +/mnt/tool sleep");
    }

    @Test
    void anEndedContainerIsListedWithAllOnlyAndShowsItsExitCode() {
        String ended = BROCKERD.runTool("verbs", "exit 23");
        assertThat(BROCKERD.awaitExit(ended)).isEqualTo(23);
        assertThat(list()).doesNotContain(ended.substring(0, 12));
        assertThat(list("-a").lines().filter(line -> line.startsWith(ended.substring(0, 12))))
                .singleElement()
                .asString()
                .contains("exited (23)");
    }

    @Test
    void aContainerThatASignalEndedShows128PlusItsNumber() {
        assertThat(BROCKERD.awaitExit(BROCKERD.runTool("verbs", "raise 11"))).isEqualTo(128 + 11);
    }

    @Test
    void jsonListsWhatInspectShows() {
        JsonNode listed = Rest.parse(list("--format", "json"));
        JsonNode entry = listed.values().stream()
                .filter(view -> view.path("name").asString().equals(sleeper))
                .findFirst()
                .orElseThrow(() -> new AssertionError(listed.toString()));
        JsonNode inspected = BROCKERD.inspect(sleeper.substring(0, 8));
        assertThat(entry).isEqualTo(inspected);
        assertThat(inspected.path("command").toString()).isEqualTo("[\"/mnt/tool\",\"sleep\"]");
        assertThat(inspected.path("state").asString()).isEqualTo("running");
        assertThat(inspected.path("role").asString()).isEqualTo("application");
    }

    @Test
    void quietListsWholeNamesOnly() {
        List<String> names = list("-q").lines().toList();
        assertThat(names).contains(sleeper).allMatch(name -> name.matches("[0-9a-f]{40}"));
    }

    @Test
    void severalContainersAreStoppedAtOnceAndNamed() {
        String first = BROCKERD.runTool("verbs", "sleep");
        String second = BROCKERD.runTool("verbs", "sleep");
        String stopped = BROCKERD.client("container", "stop", first, second.substring(0, 12))
                .succeeded()
                .stdout();
        assertThat(stopped.lines()).containsExactly(first, second);
        assertThat(BROCKERD.view(first).path("exit-code").asInt()).isEqualTo(128 + 15);
        assertThat(BROCKERD.view(second).path("state").asString()).isEqualTo("exited");
        assertThat(list("-q")).doesNotContain(first, second);
    }

    @Test
    void stoppingLeavesNoVethMountGroupOrProcess() {
        String name = BROCKERD.runTool("verbs", "sleep");
        String veth = BROCKERD.view(name).path("interface").asString();
        assertThat(Host.linkNames()).contains(veth);
        assertThat(Host.groups(name)).isNotEmpty();
        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(Host.linkNames()).doesNotContain(veth);
        assertThat(Host.groups(name)).isEmpty();
        assertThat(Host.mounts()).noneMatch(mount -> mount.contains(name));
    }

    @Test
    void oneWrongNameDoesNotKeepTheOthers() {
        String name = BROCKERD.runTool("verbs", "sleep");
        Outcome outcome = BROCKERD.client("container", "stop", "ffffffffffff", name);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stdout().strip()).isEqualTo(name);
        assertThat(outcome.stderr()).startsWith("error: there is no container \"ffffffffffff\"");
    }

    @Test
    void theStopSignalIsTheOneOfTheFile() {
        String name = BROCKERD.runTool("verbs", "signalled", "\"stop-signal\": \"SIGINT\"");
        awaitLog(name, "ready");
        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(40 + 2);
    }

    @Test
    void aContainerThatIgnoresItsStopSignalIsKilledAfterTheTimeoutOfItsFile() {
        String name = BROCKERD.runTool("verbs", "stubborn", "\"stop-timeout\": \"1s\"");
        awaitLog(name, "ready");
        Duration taken = timed(() -> BROCKERD.client("container", "stop", name).succeeded());
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(128 + 9);
        assertThat(taken).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    @Test
    void theTimeoutOfTheCommandLineWins() {
        String name = BROCKERD.runTool("verbs", "stubborn", "\"stop-timeout\": \"1m\"");
        awaitLog(name, "ready");
        Duration taken = timed(() ->
                BROCKERD.client("container", "stop", "--timeout", "500ms", name).succeeded());
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(128 + 9);
        assertThat(taken).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void logsGiveStdoutAndStderrEachOnItsOwnStream() {
        String name = BROCKERD.runTool("verbs", "say");
        BROCKERD.awaitExit(name);
        Outcome logs = BROCKERD.client("container", "logs", name).succeeded();
        assertThat(logs.stdout()).isEqualTo("out\n");
        assertThat(logs.stderr()).isEqualTo("err\n");
    }

    @Test
    void logsCanBeCutAndStamped() {
        String name = BROCKERD.runTool("verbs", "see /a /b /c");
        BROCKERD.awaitExit(name);
        assertThat(BROCKERD.client("container", "logs", "--tail", "1", name)
                        .succeeded()
                        .stdout())
                .isEqualTo("/c: No such file or directory\n");
        assertThat(BROCKERD.client("container", "logs", "--timestamps", name)
                        .succeeded()
                        .stdout()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.matches("\\d{4}-\\d{2}-\\d{2}T\\S+Z /[abc]: .*"));
    }

    @Test
    void removeForgetsAnEndedContainerAndRefusesALivingOne() {
        String name = BROCKERD.runTool("verbs", "exit 0");
        BROCKERD.awaitExit(name);
        BROCKERD.client("container", "remove", name).succeeded();
        assertThat(list("-a", "-q")).doesNotContain(name);
        assertThat(BROCKERD.containers().resolve(name)).doesNotExist();
        BROCKERD.client("container", "remove", sleeper).failed(1).saying(sleeper.substring(0, 12), "is running");
    }

    @Test
    void aProgramThatIsCopiedCanBeExecuted() {
        String json = """
                {"service-name": "verbs", "command": "/app/tool exit 5", "copy-file": true, "file": "%s"}""".formatted(Tool.path());
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("copied.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        assertThat(BROCKERD.awaitExit(name)).isEqualTo(5);
    }

    private static String list(String... options) {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("container", "list"), java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        return BROCKERD.client(arguments).succeeded().stdout();
    }

    private static void awaitLog(String name, String text) {
        Await.until(
                name + " says " + text,
                Duration.ofSeconds(10),
                () -> BROCKERD.rest()
                        .get("/api/v1/containers/" + name + "/logs")
                        .body()
                        .contains(text));
    }

    private static Duration timed(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
