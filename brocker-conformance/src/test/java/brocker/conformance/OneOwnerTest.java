package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon changes of the host is its alone: a second one is refused before it touches anything. */
class OneOwnerTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all");

    private static String replica = "";
    private String rules = "";

    @BeforeAll
    static void aServiceRuns() {
        BROCKERD.addService(
                "{\"name\": \"first\", \"port\": 9000, \"container\": {%s}}".formatted(Tool.template("serve 9000")));
        BROCKERD.awaitReady("first", 1);
        replica = BROCKERD.replicas("first").getFirst().path("name").asString();
    }

    @AfterEach
    void theFirstDaemonIsAsItWas() throws Exception {
        assertThat(BROCKERD.view(replica).path("state").asString()).isEqualTo("running");
        assertThat(Http.get(BROCKERD.view(replica).path("address").asString(), 9000, "/")
                        .status())
                .isEqualTo(200);
        if (!rules.isEmpty()) {
            assertThat(PacketFilter.run("list ruleset")).isEqualTo(rules);
        }
    }

    @Test
    void otherDirectoriesAloneDoNotLetASecondOneIn() {
        Options second = new Options("directories");
        refused(second.group(BROCKERD.group()).command(), "the network namespace")
                .hinting("--cgroup-parent");
        assertThat(second.folder).doesNotExist();
    }

    @Test
    void norDoesAControlGroupOfItsOwn() {
        rules = PacketFilter.run("list ruleset");
        Options second = new Options("group");
        refused(second.command(), "the network namespace (process " + BROCKERD.pid() + ")");
        assertThat(second.folder).doesNotExist();
        assertThat(Host.groups(second.group)).isEmpty();
    }

    @Test
    void inAnotherNetworkTheControlGroupIsHeld() {
        Options second = new Options("network").group(BROCKERD.group());
        refused(elsewhere(second.command()), "the control group \"" + BROCKERD.group() + "\"");
        assertThat(second.folder).doesNotExist();
    }

    @Test
    void eachDirectoryIsHeldAlsoByAnotherPath() throws Exception {
        Files.createDirectories(BROCKERD.work().resolve("links"));
        for (String directory : List.of("state", "run", "container")) {
            Path link = Files.createSymbolicLink(
                    BROCKERD.work().resolve("links").resolve(directory),
                    BROCKERD.work().resolve(directory));
            Options second = new Options("shared-" + directory).directory(directory, link);
            refused(elsewhere(second.command()), "the " + directory(directory) + " \"" + link + "\"");
        }
    }

    @Test
    void aWipedRunDirectoryLetsNobodyIn() throws Exception {
        String token = Files.readString(BROCKERD.token());
        String mode = Outcome.of("stat", "-c", "%a %G", BROCKERD.token().toString());
        wipe(BROCKERD.work().resolve("run"));
        refused(BROCKERD.commandLine(), "the network namespace");
        for (String directory : List.of("state", "run")) {
            Options second = new Options("wiped-" + directory)
                    .directory(directory, BROCKERD.work().resolve(directory));
            refused(elsewhere(second.command()), "the " + directory(directory));
        }
        Await.until("the token is back", Duration.ofSeconds(10), () -> Files.exists(BROCKERD.token()));
        assertThat(BROCKERD.work().resolve("run/lock")).exists();
        assertThat(Files.readString(BROCKERD.token())).isEqualTo(token);
        assertThat(Outcome.of("stat", "-c", "%a %G", BROCKERD.token().toString()))
                .isEqualTo(mode);
    }

    @Test
    void aWipedRunDirectoryKeepsNoContainerFromStarting() throws Exception {
        for (int i = 0; i < 2; i++) {
            Rest rest = BROCKERD.rest();
            wipe(BROCKERD.work().resolve("run"));
            for (int run = 0; run < 3; run++) {
                String name = rest.post(
                                "/api/v1/containers",
                                "{\"service-name\": \"first\", %s}".formatted(Tool.template("sleep")))
                        .succeeded()
                        .json()
                        .path("name")
                        .asString();
                rest.post("/api/v1/containers/" + name + "/stop", "{\"timeout\": \"0s\"}")
                        .succeeded();
            }
            Await.until("the token is back", Duration.ofSeconds(10), () -> Files.exists(BROCKERD.token()));
        }
        BROCKERD.client("container", "list").succeeded();
    }

    @Test
    void inAnotherNetworkWithEverythingOfItsOwnASecondOneWorksBesideTheFirst() {
        rules = PacketFilter.run("list ruleset");
        Options second = new Options("beside");
        String script = """
                ip link set lo up
                "$@" >"$LOG" 2>&1 &
                daemon=$!
                tries=0
                until timeout 20 "$CLIENT" version >/dev/null 2>&1; do
                    tries=$((tries + 1))
                    [ $tries -lt 100 ] || { cat "$LOG"; exit 97; }
                    sleep 0.1
                done
                timeout 20 "$CLIENT" service add "$FILE" && timeout 20 "$CLIENT" service remove second
                code=$?
                kill $daemon; wait $daemon || exit 96
                exit $code
                """;
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "sh", "-c", script, "sh"));
        command.addAll(second.command());
        Outcome.run(
                        command,
                        Map.of(
                                "LOG", BROCKERD.work().resolve("beside.log").toString(),
                                "FILE",
                                        BROCKERD.file("second.json", "{\"name\": \"second\"}")
                                                .toString(),
                                "CLIENT", Distribution.program("brocker-client").toString(),
                                "BROCKER_HOST", "http://127.0.0.1:" + second.port,
                                "BROCKER_TOKEN_FILE",
                                        second.folder.resolve("run/token").toString()),
                        new byte[0])
                .succeeded();
    }

    @Test
    void localUsersCanOpenNoLock() {
        for (String file : List.of(
                BROCKERD.work().resolve("run/lock").toString(),
                BROCKERD.work().resolve("state/lock").toString(),
                "/proc/sys/kernel/cad_pid")) {
            for (String mode : List.of("<", ">>")) {
                List<String> attempt = new ArrayList<>(NOBODY);
                attempt.addAll(List.of("sh", "-c", "exec 9" + mode + "\"$0\"", file));
                assertThat(Outcome.run(attempt, Map.of("LC_ALL", "C"), new byte[0])
                                .stderr())
                        .as(mode + file)
                        .containsIgnoringCase("permission denied");
            }
        }
        assertThat(Outcome.of(
                        "stat",
                        "-c",
                        "%a",
                        BROCKERD.work().resolve("run/lock").toString(),
                        BROCKERD.state().resolve("lock").toString()))
                .isEqualTo("600\n600\n");
    }

    @Test
    void aTakenPortIsSaidBeforeAnythingIsTouched() {
        Options second = new Options("port");
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "sh",
                "-c",
                "ip link set lo up; \"$0\" serve " + second.port + " >/dev/null 2>&1 & server=$!; sleep 1;"
                        + " \"$@\"; code=$?; kill $server; exit $code",
                Tool.path().toString()));
        command.addAll(second.command());
        Outcome.run(command, Map.of(), new byte[0])
                .failed(1)
                .saying("cannot listen on \"127.0.0.1:" + second.port + "\"");
        // The run directory is where it would have listened as well; the token is not written.
        assertThat(Host.entries(second.folder)).containsExactly("run");
        assertThat(Host.entries(second.folder.resolve("run"))).containsExactly("lock");
        assertThat(Host.groups(second.group)).isEmpty();
    }

    @Test
    void nothingIsHeldOnceADaemonHasEndedHoweverItEnded() {
        BROCKERD.kill();
        BROCKERD.start();
        BROCKERD.stop();
        BROCKERD.start();
        BROCKERD.awaitReady("first", 1);
    }

    @Test
    void checkWorksWhileADaemonRuns() {
        Outcome.run(Outcome.command(Distribution.program("brockerd"), "check"), Map.of(), new byte[0])
                .succeeded();
    }

    private static String directory(String kind) {
        return kind + " directory";
    }

    private static void wipe(Path directory) throws java.io.IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Outcome refused(List<String> command, String what) {
        return Outcome.run(command, Map.of(), new byte[0]).failed(1).saying("another brockerd holds " + what);
    }

    /** In a network namespace of its own. */
    private static List<String> elsewhere(List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    /** The command line of another daemon, of which everything is its own that is not given. */
    private static final class Options {
        final Path folder;
        final int port = Brockerd.freePort();
        String group;
        private final Map<String, Path> directories = new java.util.TreeMap<>();

        Options(String name) {
            this.folder = BROCKERD.work().resolve("second-" + name);
            this.group = BROCKERD.group() + "-" + name;
            for (String kind : List.of("container", "state", "run")) {
                directories.put(kind, folder.resolve(kind));
            }
        }

        Options group(String other) {
            group = other;
            return this;
        }

        Options directory(String kind, Path path) {
            directories.put(kind, path);
            return this;
        }

        List<String> command() {
            List<String> command = new ArrayList<>(Outcome.command(
                    Distribution.program("brockerd"), "--listen", "127.0.0.1:" + port, "--cgroup-parent", group));
            directories.forEach((kind, path) -> command.addAll(List.of("--" + kind + "-dir", path.toString())));
            return command;
        }
    }
}
