package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Containers whose root is a directory of the user's. */
class RootfsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"rooted\", \"bridge-ip\": \"10.77.31.1\"}");
    }

    /** A tree with nothing but one static program, which is enough. */
    private static Path tree() throws Exception {
        Path tree = BROCKERD.work().resolve("tree");
        if (!Files.exists(tree)) {
            Files.createDirectories(tree.resolve("bin"));
            Files.copy(Tool.path(), tree.resolve("bin/tool"));
            tree.resolve("bin/tool").toFile().setExecutable(true, false);
        }
        return tree;
    }

    private static Outcome run(String keys) {
        Path file = BROCKERD.file("rooted.json", "{\"service-name\": \"rooted\", " + keys + "}");
        return BROCKERD.client("container", "run", file.toString());
    }

    @Test
    void aTreeWithOneProgramIsEnoughAndIsLeftAsItWas() throws Exception {
        String name = run("\"rootfs\": \"" + tree() + "\", \"command\": \"/bin/tool serve\"")
                .succeeded()
                .stdout()
                .strip();
        Path changes = BROCKERD.containers().resolve(".layers").resolve(name);
        assertThat(changes.resolve("upper")).isDirectory();

        BROCKERD.client("container", "stop", name).succeeded();
        BROCKERD.client("container", "remove", name).succeeded();

        assertThat(changes).doesNotExist();
        try (var entries = Files.list(tree())) {
            assertThat(entries).containsExactly(tree().resolve("bin"));
        }
    }

    @Test
    void aContainerIsStartedAgainOnItsOwnTree() throws Exception {
        String name = run("\"rootfs\": \"" + tree() + "\", \"command\": \"/bin/tool show /etc/hosts /etc/mtab\"")
                .succeeded()
                .stdout()
                .strip();
        assertThat(BROCKERD.awaitExit(name)).isZero();
        BROCKERD.client("container", "restart", name).succeeded();
        assertThat(BROCKERD.awaitExit(name)).isZero();

        assertThat(BROCKERD.client("container", "logs", name).succeeded().stdout())
                .containsSubsequence(" localhost", "overlay / overlay", " localhost", "overlay / overlay");
        assertThat(BROCKERD.state().resolve("containers").resolve(name).resolve("tree"))
                .doesNotExist();
        BROCKERD.client("container", "remove", name).succeeded();
    }

    @Test
    void aLinkOfTheTreeToAPathOfTheHostIsNotWrittenThrough() throws Exception {
        for (String file : List.of("hosts", "hostname", "resolv.conf")) {
            Path victim = Files.writeString(BROCKERD.work().resolve("victim"), "of the host\n");
            String command = "/bin/tool relink /etc/" + file + " " + victim;
            String name = run("\"rootfs\": \"" + tree() + "\", \"command\": \"" + command + "\"")
                    .succeeded()
                    .stdout()
                    .strip();
            BROCKERD.awaitExit(name);
            Outcome restart = BROCKERD.client("container", "restart", name);

            assertThat(victim).hasContent("of the host\n");
            restart.succeeded();
            BROCKERD.awaitExit(name);
            BROCKERD.client("container", "remove", name).succeeded();
        }
    }

    /** Its layer lies with its record, as an earlier Brocker made it, and has the links that a container could make then. */
    @Test
    void aContainerOfAnEarlierBrockerIsStartedAgainAndCleanedUp() throws Exception {
        Path victim = Files.writeString(BROCKERD.work().resolve("victim"), "of the host\n");
        String name = run("\"rootfs\": \"" + tree() + "\", \"command\": \"/bin/tool exit 0\"")
                .succeeded()
                .stdout()
                .strip();
        BROCKERD.awaitExit(name);
        Path record = BROCKERD.state().resolve("containers").resolve(name);
        Files.move(BROCKERD.containers().resolve(".layers").resolve(name), record.resolve("tree"));
        Path etc = Files.createDirectories(record.resolve("tree/upper/etc"));
        Files.createSymbolicLink(etc.resolve("hosts"), victim);
        Files.createSymbolicLink(etc.resolve("mtab"), Path.of("../proc/self/mounts"));
        Files.writeString(etc.resolve("hostname"), "before\n");

        BROCKERD.client("container", "restart", name).succeeded();
        assertThat(BROCKERD.awaitExit(name)).isZero();
        assertThat(BROCKERD.containers().resolve(".layers").resolve(name)).doesNotExist();
        assertThat(victim).hasContent("of the host\n");
        BROCKERD.client("container", "remove", name).succeeded();
        assertThat(record).doesNotExist();
    }

    @Test
    void aTreeThatIsNotThereIsRefused() {
        run("\"rootfs\": \"/no/such/tree\", \"command\": \"/bin/true\"")
                .failed(1)
                .saying("there is no directory \"/no/such/tree\" to be the root")
                .hinting("\"rootfs\"");
        Unchanged.assertOnly(BROCKERD, "rooted");
    }

    @Test
    void aTreeWithoutTheProgramSaysSo() throws Exception {
        run("\"rootfs\": \"" + tree() + "\", \"command\": \"/usr/bin/java\"")
                .failed(1)
                .saying("cannot start: \"/usr/bin/java\": no such file or directory");
    }

    @Test
    void aRelativeTreeIsRefused() {
        run("\"rootfs\": \"tree\", \"command\": \"/bin/true\"").failed(1).saying("\"rootfs\"");
    }
}
