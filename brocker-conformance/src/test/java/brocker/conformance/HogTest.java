package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container that takes what it can gets its share, and the daemon and its neighbours go on. */
class HogTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final int KILLED = 128 + 9;

    private static String neighbour = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"hogs\", \"bridge-ip\": \"10.77.42.1\"}");
        neighbour = BROCKERD.runProbe("hogs", "hold");
    }

    @AfterEach
    void daemonAndNeighbourGoOn() {
        assertThat(BROCKERD.view(neighbour).path("state").asString()).isEqualTo("running");
        assertThat(Probe.inside(BROCKERD, neighbour, "forks", "1")).isEqualTo("allowed 1");
    }

    private static String log(String name) {
        return BROCKERD.client("container", "logs", name).succeeded().stdout();
    }

    private static String said(String name) {
        assertThat(BROCKERD.awaitExit(name)).isZero();
        return log(name).strip();
    }

    @Test
    void processesEndAtPids() {
        assertThat(Probe.outside("forks", "100")).isEqualTo("allowed 100");

        // PID 1, which is not counted where it entered its group after its start, and the probe itself.
        assertThat(said(BROCKERD.runProbe("hogs", "forks 100", "\"pids\": 40"))).matches("refused EAGAIN 3[89]");
    }

    @Test
    void processesAreLimitedByDefault() {
        assertThat(said(BROCKERD.runProbe("hogs", "forks 5000"))).matches("refused EAGAIN 409[0-5]");
    }

    @Test
    void forkBombLeavesTheDaemonAnswering() {
        String name = BROCKERD.runProbe("hogs", "bomb 3", "\"pids\": 64");
        Await.until("the bomb burns", Duration.ofSeconds(10), () -> log(name).contains("ready"));

        for (int i = 0; i < 5; i++) {
            assertThat(BROCKERD.view(neighbour).path("state").asString()).isEqualTo("running");
        }

        assertThat(said(name)).isEqualTo("ready\nrefused EAGAIN");
    }

    @Test
    void memoryHogIsKilled() {
        assertThat(Probe.outside("memory", "128")).isEqualTo("allowed 128");
        assertThat(said(BROCKERD.runProbe("hogs", "memory 32", "\"memory\": \"64m\"")))
                .isEqualTo("allowed 32");

        String name = BROCKERD.runProbe("hogs", "memory 128", "\"memory\": \"64m\"");

        assertThat(BROCKERD.awaitExit(name)).isEqualTo(KILLED);
    }

    @Test
    void fileInTmpEndsAtTheSizeOfTmp() {
        Path outside = BROCKERD.work().resolve("tmp/hog");
        assertThat(Probe.outside("fill", outside.toString(), "300")).isEqualTo("allowed 300");

        assertThat(Probe.inside(BROCKERD, neighbour, "fill", "/tmp/hog", "300")).isEqualTo("refused ENOSPC 256");
    }

    @Test
    void everyOtherWritablePlaceHasASizeAsWell() {
        for (String place : List.of("/hog", "/run/hog", "/dev/shm/hog", "/var/tmp/hog", "/etc/hog", "/home/hog")) {
            assertThat(Probe.inside(BROCKERD, neighbour, "fill", place, "300"))
                    .as(place)
                    .matches("refused ENOSPC (6[0-4])");
        }
        assertThat(Probe.inside(BROCKERD, neighbour, "fill", "/dev/hog", "1")).startsWith("refused E");
    }

    @Test
    void theLogIsRotated() {
        String name = BROCKERD.runProbe("hogs", "say 4", "\"log\": {\"max-size\": \"100k\", \"max-files\": 3}");

        assertThat(said(name)).endsWith("\nallowed");

        Path records = BROCKERD.state().resolve("containers").resolve(name);
        try (Stream<Path> files = Files.list(records)) {
            List<Long> sizes = files.filter(
                            file -> file.getFileName().toString().startsWith("log"))
                    .map(HogTest::size)
                    .toList();
            assertThat(sizes).hasSize(3).allMatch(size -> size <= 100 * 1024);
            assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isGreaterThan(200 * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
