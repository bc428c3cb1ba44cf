package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Removing a container's files harms neither the host nor the daemon, whatever the files are and whatever changes them meanwhile. */
class RemovalTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int FILES = 20_000;

    /** Longer than any path may be. */
    private static final String DEEP = "nest 400 200";

    @BeforeEach
    void add() {
        BROCKERD.addService("{\"name\": \"leaver\", \"bridge-ip\": \"10.77.61.1\"}");
    }

    @AfterEach
    void nothingIsLeft() {
        BROCKERD.client("service", "remove", "leaver");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    private static String ended(String arguments) {
        String name = BROCKERD.runTool("leaver", arguments);
        assertThat(BROCKERD.awaitExit(name)).isZero();
        return name;
    }

    @Test
    void aDeepDirectoryHoldsUpNothing() {
        String first = ended(DEEP);
        for (int i = 0; i < 5; i++) {
            ended(DEEP);
        }
        // The sixth has pushed the first out.
        Await.until(
                "the first is forgotten",
                LONGEST,
                () -> BROCKERD.containers("leaver").stream()
                        .noneMatch(view -> view.path("name").asString().equals(first)));
        BROCKERD.client("service", "remove", "leaver").succeeded();
        BROCKERD.awaitRemoved();
        assertThat(Host.entries(BROCKERD.containers())).isEmpty();
    }

    @Test
    void aDaemonStartsWhateverIsToBeRemovedAndRemovesIt() {
        String name = ended(DEEP);
        BROCKERD.stop();
        BROCKERD.start("-Dbrocker.die-at=FILES_GIVEN_UP:1");
        BROCKERD.client("container", "remove", name);
        assertThat(BROCKERD.endsWithin(LONGEST)).isTrue();
        BROCKERD.start();

        assertThat(BROCKERD.containers("leaver"))
                .noneMatch(view -> view.path("name").asString().equals(name));
        BROCKERD.awaitRemoved();
        BROCKERD.client("service", "remove", "leaver").succeeded();
    }

    @Test
    void aDirectoryThatIsExchangedForALinkCostsTheHostNothing() throws Exception {
        Path victim = BROCKERD.work().resolve("victim");
        fill(victim);
        String name = ended("exit 0");
        Path app = BROCKERD.containers().resolve(name);
        fill(app.resolve("d"));
        // It holds a descriptor into the directory, as a container may that was sent one by a neighbour.
        Process attacker =
                new ProcessBuilder(Tool.path().toString(), "exchange", app.toString(), "d", victim.toString()).start();
        try {
            BufferedReader said = attacker.inputReader();
            assertThat(said.readLine()).isEqualTo("ready");
            Outcome removal = BROCKERD.client("container", "remove", name);

            assertThat(said.readLine()).isEqualTo("exchanged");
            removal.succeeded();
            BROCKERD.awaitRemoved();
            assertThat(Host.entries(victim)).hasSize(FILES);
        } finally {
            attacker.destroyForcibly().waitFor();
        }
    }

    /** With the same names everywhere: what is deleted by a path is then the other's file of that name. */
    private static void fill(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < FILES; i++) {
            Files.createFile(directory.resolve("file-" + i));
        }
    }

    @Test
    void whatCannotBeRemovedIsShownAndTriedAgain() throws Exception {
        String name = ended("exit 0");
        Path disk = Files.createDirectories(
                BROCKERD.containers().resolve(name).resolve("a").resolve("disk"));
        Outcome.of("mount", "-t", "tmpfs", "none", disk.toString());
        String sentence = "its files cannot be removed: \"disk\": a file system is mounted on it";
        try {
            BROCKERD.client("container", "remove", name).succeeded();
            Await.until(
                    "it is shown",
                    LONGEST,
                    () -> BROCKERD.client("service", "status", "leaver")
                            .succeeded()
                            .stderr()
                            .contains("warning: container \"" + name.substring(0, 12) + "\": " + sentence));
            assertThat(BROCKERD.client("events").stdout()).contains("container.fault");
            assertThat(BROCKERD.client("check").stdout()).contains(sentence);

            BROCKERD.stop();
            BROCKERD.start();
            BROCKERD.client("service", "remove", "leaver").succeeded();
            Await.until(
                    "it is shown again",
                    LONGEST,
                    () -> BROCKERD.client("check").stdout().contains(sentence));
        } finally {
            Outcome.of("umount", mounted());
        }
        BROCKERD.awaitRemoved();
        assertThat(BROCKERD.client("check").stdout()).doesNotContain("cannot be removed");
    }

    private static String mounted() {
        List<String> mounts = Host.mounts().stream()
                .filter(mount -> mount.startsWith(BROCKERD.containers().toString()))
                .toList();
        assertThat(mounts).hasSize(1);
        return mounts.getFirst();
    }

    @Test
    void aHundredThousandFilesHoldNobodyUp() throws Exception {
        String name = ended("exit 0");
        Path app = BROCKERD.containers().resolve(name);
        for (int i = 0; i < 100_000; i++) {
            Files.createFile(app.resolve("file-" + i));
        }
        long begin = System.nanoTime();
        BROCKERD.client("container", "remove", name).succeeded();
        BROCKERD.client("service", "remove", "leaver").succeeded();
        assertThat(app).doesNotExist();
        System.out.println("removal of 100,000 files answered after "
                + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
        BROCKERD.awaitRemoved();
    }

    /** As a PID 1 could put it there that is no longer brocker-run's own. */
    @Test
    void aLogThatIsALinkIsNotShown() throws Exception {
        Path secret = Files.writeString(BROCKERD.work().resolve("secret"), "of the host\n");
        String name = ended("say");
        Path record = BROCKERD.state().resolve("containers").resolve(name);
        Files.delete(record.resolve("log"));
        Files.createSymbolicLink(record.resolve("log"), secret);
        Files.delete(record.resolve("exit"));
        Files.createSymbolicLink(record.resolve("exit"), secret);

        Outcome shown = BROCKERD.client("container", "logs", name);
        assertThat(shown.stdout() + shown.stderr()).doesNotContain("of the host");
        BROCKERD.client("container", "inspect", name).succeeded();
        BROCKERD.client("container", "remove", name).succeeded();
        assertThat(secret).hasContent("of the host\n");
        try (Stream<Path> left = Files.list(record.getParent())) {
            assertThat(left).doesNotContain(record);
        }
    }
}
