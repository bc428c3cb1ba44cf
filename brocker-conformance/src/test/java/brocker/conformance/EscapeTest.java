package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The known ways out that take more than one step: by PID 1's program, by what it left open, by a mount's target. */
class EscapeTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final String MAPPED = "\"user-namespace\": true";
    private static final String SHARED = "\"user-namespace\": false";
    private static final String UNFILTERED = "\"seccomp\": \"unconfined\"";
    private static final int STARTS = 6;
    private static final int MOST_STARTS = 60;

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"escapes\", \"bridge-ip\": \"10.77.44.1\"}");
    }

    private static Outcome tryRun(String command, String mounts, String... keys) {
        String json = """
                {"service-name": "escapes", "command": %s, "mounts": [%s]%s}""".formatted(command, mounts, keys.length == 0 ? "" : ", " + String.join(", ", keys));
        return BROCKERD.client(
                "container", "run", BROCKERD.file("container.json", json).toString());
    }

    private static String log(String name) {
        return BROCKERD.client("container", "logs", name).succeeded().stdout();
    }

    private static Outcome shell(String script) {
        return Outcome.run(
                List.of("unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", script),
                Map.of(),
                new byte[0]);
    }

    /** CVE-2019-5736. */
    @Test
    void theInitProgramCannotBeOverwritten() throws Exception {
        Path copy = Files.copy(Probe.path(), BROCKERD.work().resolve("victim"));
        Process victim = new ProcessBuilder(copy.toString(), "hold")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(Probe.outside("overwrite", String.valueOf(victim.pid()), "kill"))
                .isEqualTo("allowed");
        assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();

        String mapped = BROCKERD.runProbe("escapes", "hold");
        String shared = BROCKERD.runProbe("escapes", "hold", SHARED, UNFILTERED);
        assertThat(Probe.inside(BROCKERD, mapped, "overwrite", "1")).isEqualTo("refused EACCES");
        assertThat(Probe.inside(BROCKERD, shared, "overwrite", "1")).isEqualTo("refused EACCES");
    }

    /** CVE-2024-21626. */
    @Test
    void nothingIsLeftOpen() throws IOException {
        Path root = Files.createDirectory(BROCKERD.work().resolve("other-root"));
        Files.copy(Probe.path(), root.resolve("probe"));
        String probe = Probe.path().toString();
        assertThat(shell("exec 7</etc; exec " + probe + " leaks").stdout()).isEqualTo("allowed\n");
        assertThat(shell("exec perl -e 'chroot \"%s\"; exec \"/probe\", \"leaks\"'".formatted(root))
                        .stdout())
                .isEqualTo("allowed\n");

        String name = BROCKERD.runProbe("escapes", "leaks");
        assertThat(BROCKERD.awaitExit(name)).isZero();
        assertThat(log(name)).isEqualTo("refused ENOENT\n");
        String holding = BROCKERD.runProbe("escapes", "hold");
        assertThat(Probe.inside(BROCKERD, holding, "leaks")).isEqualTo("refused ENOENT");
    }

    /** CVE-2024-21626: a descriptor of PID 1, by its number, as the directory to work in. */
    @Test
    void noWorkingDirectoryLeadsOut() {
        for (int fd = 3; fd < 10; fd++) {
            Outcome outcome = tryRun(
                    "\"/mnt/probe leaks\"",
                    Probe.mount(),
                    SHARED,
                    UNFILTERED,
                    "\"working-directory\": \"/proc/self/fd/%d\"".formatted(fd));
            if (outcome.code() == 0) {
                String name = outcome.stdout().strip();
                assertThat(BROCKERD.awaitExit(name)).isZero();
                assertThat(log(name)).as("descriptor %d", fd).isEqualTo("refused ENOENT\n");
            } else {
                assertThat(outcome.stderr()).startsWith("error: ");
            }
        }
    }

    /** Directories of a test: {@code shared} by both containers, {@code evil} to be mounted there, {@code good} beside it. */
    private record Tree(Path shared, Path evil, Path good) {
        static Tree make(String name) throws IOException {
            Path top = Files.createDirectories(BROCKERD.work().resolve(name));
            Tree tree = new Tree(top.resolve("shared"), top.resolve("evil"), top.resolve("good"));
            Files.createDirectories(tree.shared().resolve("x"));
            Files.createDirectories(tree.evil().resolve("inner"));
            Files.createDirectories(tree.good().resolve("inner"));
            Files.writeString(tree.evil().resolve("inner/who"), "attacker's\n");
            Files.writeString(tree.good().resolve("inner/who"), "host's\n");
            return tree;
        }

        String mounts() {
            return """
                    {"source": "%s", "target": "/mnt/shared"},
                    {"source": "%s", "target": "/mnt/shared/x", "read-only": true},
                    {"source": "%s/inner", "target": "/mnt/third", "read-only": true}
                    """.formatted(shared, evil, good);
        }
    }

    /** CVE-2021-30465: a target that leads to where another mount's source lies. */
    @ParameterizedTest
    @ValueSource(strings = {MAPPED, SHARED})
    void aSymlinkInATargetDoesNotLeadOut(String ids) throws IOException {
        Tree tree = Tree.make("link-" + ids.replaceAll("\\W", ""));
        Files.delete(tree.shared().resolve("x"));
        Files.createSymbolicLink(tree.shared().resolve("x"), tree.good());
        assertThat(shell("mount --bind %s %s/x && cat %s/inner/who".formatted(tree.evil(), tree.shared(), tree.good()))
                        .succeeded()
                        .stdout())
                .isEqualTo("attacker's\n");

        Outcome outcome = tryRun("\"/usr/bin/cat /mnt/third/who\"", tree.mounts(), ids);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: ").contains("/mnt/shared/x");
    }

    /** CVE-2021-30465: the same, while a neighbour exchanges the target for a symlink and back. */
    @ParameterizedTest
    @ValueSource(strings = {MAPPED, SHARED})
    void anExchangeOfATargetDoesNotLeadOut(String ids) throws IOException {
        for (String link : List.of("out", ".")) {
            Tree tree = Tree.make("race-" + (link.equals(".") ? "in-" : "out-") + ids.replaceAll("\\W", ""));
            String to = link.equals(".") ? "." : tree.good().toString();
            String shared = "{\"source\": \"%s\", \"target\": \"/mnt/shared\"}".formatted(tree.shared());
            String neighbour = tryRun(
                            "\"/mnt/probe swap /mnt/shared/x %s 60\"".formatted(to), Probe.mount() + "," + shared, ids)
                    .succeeded()
                    .stdout()
                    .strip();
            Await.until(
                    "the neighbour exchanges",
                    Duration.ofSeconds(10),
                    () -> log(neighbour).contains("ready"));

            List<String> said = new ArrayList<>();
            String look = "cat /mnt/third/who; touch /mnt/shared/x/written /mnt/shared/x-/written 2>/dev/null; true";
            // As a start in which the exchange is seen is refused, all of them may be: then until one is not.
            for (int i = 0; i < (said.isEmpty() ? MOST_STARTS : STARTS); i++) {
                Outcome outcome = tryRun("[\"/bin/sh\", \"-c\", \"%s\"]".formatted(look), tree.mounts(), ids);
                if (outcome.code() == 0) {
                    String name = outcome.stdout().strip();
                    assertThat(BROCKERD.awaitExit(name)).isZero();
                    said.add(log(name));
                } else {
                    assertThat(outcome.stderr()).startsWith("error: ");
                }
            }
            BROCKERD.client("container", "stop", "--timeout", "0s", neighbour).succeeded();

            assertThat(said).as("what started").isNotEmpty().containsOnly("host's\n");
            assertThat(tree.evil().resolve("written"))
                    .as("in what is read-only")
                    .doesNotExist();
            assertThat(tree.good().resolve("written")).doesNotExist();
        }
    }
}
