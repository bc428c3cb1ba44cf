package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Containers that want more memory than they may have. */
class OutOfMemoryTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String HOG = "tail /dev/zero";

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"tight\", \"bridge-ip\": \"10.77.9.1\"}");
    }

    private static Outcome tryRun(String memory, String command) {
        String json = """
                {"service-name": "tight", "memory": "%s", "command": ["/bin/sh", "-c", "%s"]}
                """.formatted(memory, command);
        return BROCKERD.client(
                "container", "run", BROCKERD.file("container.json", json).toString());
    }

    private static String run(String memory, String command) {
        return tryRun(memory, command).succeeded().stdout().strip();
    }

    private static void awaitLog(String name, String line) {
        Await.until(
                line + " is logged",
                Duration.ofSeconds(20),
                () -> BROCKERD.client("container", "logs", name).stdout().contains(line));
    }

    private static String listed(String name) {
        return BROCKERD.client("container", "list", "-a")
                .succeeded()
                .stdout()
                .lines()
                .filter(line -> line.startsWith(name.substring(0, 12)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void killIsSeenCountedAndReported() {
        String name = run("32m", HOG);

        assertThat(BROCKERD.awaitExit(name)).isEqualTo(137);
        JsonNode view = BROCKERD.inspect(name);
        assertThat(view.path("oom-kills").asInt()).isEqualTo(1);
        assertThat(view.path("reason").asString()).isEqualTo("out of memory");
        assertThat(listed(name)).contains(" exited (137, out of memory) ");
    }

    @Test
    void killOfAnotherProcessIsCountedWhileTheContainerRuns() {
        String name = run("32m", HOG + "; echo survived; sleep 600");
        awaitLog(name, "survived");

        assertThat(BROCKERD.inspect(name).path("oom-kills").asInt()).isEqualTo(1);
        assertThat(BROCKERD.inspect(name).path("state").asString()).isEqualTo("running");
        BROCKERD.client("container", "stop", "--timeout", "1s", name).succeeded();
        assertThat(BROCKERD.inspect(name).path("oom-kills").asInt()).isEqualTo(1);
        assertThat(listed(name)).doesNotContain("out of memory");
    }

    @Test
    void killWhileTheDaemonIsAwayIsReportedAfterwards() {
        String name = run("32m", "while [ ! -e /app/go ]; do sleep 0.1; done; " + HOG);
        int group = Host.processesInGroup(BROCKERD.group()).size();
        BROCKERD.kill();
        write(BROCKERD.containers().resolve(name).resolve("go"));
        Await.until(
                "the container has ended",
                Duration.ofSeconds(20),
                () -> Host.processesInGroup(BROCKERD.group()).size() < group
                        && Host.processesNaming("/dev/zero").isEmpty());
        Await.pause(Duration.ofMillis(200));
        BROCKERD.start();

        assertThat(listed(name)).contains(" exited (137, out of memory) ");
        assertThat(BROCKERD.inspect(name).path("oom-kills").asInt()).isEqualTo(1);
    }

    /** The kernel spares it as long as something larger is left: here it is made the first choice, and two share the memory. */
    @Test
    void killOfProcessOneIsReportedByTheCountOfTheGroup() {
        String name = run("32m", "while [ ! -e /app/go ]; do sleep 0.1; done; " + HOG + " & " + HOG);
        long init = BROCKERD.view(name).path("pid").asLong();
        write(Path.of("/proc/" + init + "/oom_score_adj"), "1000");
        write(BROCKERD.containers().resolve(name).resolve("go"));

        assertThat(BROCKERD.awaitExit(name)).isEqualTo(137);
        assertThat(listed(name)).contains(" exited (137, out of memory) ");
        assertThat(BROCKERD.state().resolve("containers/" + name + "/exit")).doesNotExist();
        assertThat(BROCKERD.inspect(name).path("oom-kills").asInt()).isPositive();
    }

    @Test
    void fileInTemporaryMemoryCountsToo() {
        String name = run("32m", "exec dd if=/dev/zero of=/tmp/hog bs=1M count=64");

        assertThat(BROCKERD.awaitExit(name)).isEqualTo(137);
        assertThat(listed(name)).contains(" exited (137, out of memory) ");
    }

    @Test
    void leastMemoryIsEnoughForACommandAndLessIsRefused() {
        assertThat(BROCKERD.awaitExit(run("4m", "exit 7"))).isEqualTo(7);
        for (String little : List.of("1k", "4095k")) {
            tryRun(little, "exit 7")
                    .failed(1)
                    .saying("\"" + little + "\" is too little memory")
                    .hinting("\"4m\"");
        }
    }

    private static void write(Path file, String... text) {
        try {
            Files.writeString(file, String.join("", text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
