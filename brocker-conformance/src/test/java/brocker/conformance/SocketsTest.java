package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon's Unix socket and its TCP socket: who may use them, and that they outlive it where systemd holds them. */
class SocketsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int GROUP = 54_321;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeEach
    void startAgain() {
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start();
        }
    }

    @AfterEach
    void stop() {
        if (!BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.stop();
        }
    }

    private static SocketAddress tcp() {
        return Wire.tcp(BROCKERD.port());
    }

    private static SocketAddress unix() {
        return Wire.unix(BROCKERD.socket());
    }

    private static Path run() {
        return Objects.requireNonNull(BROCKERD.socket().getParent());
    }

    private static String token() {
        return Host.lines(BROCKERD.token()).getFirst();
    }

    /** Mode, owner and group of a file, {@code rwx------ 0:0}. */
    private static String access(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " "
                    + Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void onlyTheUnixSocketNeedsNoToken() {
        assertThat(Wire.ask(unix(), SOON, "/api/v1/services")).startsWith("HTTP/1.1 200 ");
        assertThat(Wire.ask(unix(), SOON, "/api/v1/services", "Authorization: Bearer wrong"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(Wire.ask(tcp(), SOON, "/api/v1/services", "Authorization: Bearer " + token()))
                .startsWith("HTTP/1.1 200 ");
        try (Wire wire = Wire.to(tcp())) {
            wire.say("GET /api/v1/services HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(wire.hear(SOON)).startsWith("HTTP/1.1 401 ").contains("no-token");
            assertThat(wire.hear(SOON)).as("one answer, and the end").isEmpty();
        }
    }

    @Test
    void withoutTheGroupEverythingIsRootsAlone() throws IOException {
        BROCKERD.stop();
        BROCKERD.startBy(withGroups());
        assertThat(access(run())).startsWith("rwx------ 0:");
        assertThat(access(BROCKERD.socket())).startsWith("rw------- 0:");
        assertThat(access(BROCKERD.token())).startsWith("rw------- 0:");
        assertThat(asNobody(GROUP).code()).as("curl without permission").isEqualTo(7);
    }

    @Test
    void groupThatIsCreatedLaterIsLetInFromTheNextStartOn() throws IOException {
        BROCKERD.stop();
        BROCKERD.startBy(withGroups());
        BROCKERD.stop();
        BROCKERD.startBy(withGroups("brocker:x:" + GROUP + ":"));
        assertThat(access(run())).isEqualTo("rwxr-x--- 0:" + GROUP);
        assertThat(access(BROCKERD.socket())).isEqualTo("rw-rw---- 0:" + GROUP);
        assertThat(access(BROCKERD.token())).isEqualTo("rw-r----- 0:" + GROUP);
        assertThat(asNobody(GROUP).succeeded().stdout()).contains("\"status\":\"ok\"");
        assertThat(asNobody(65_534).code()).as("curl without permission").isEqualTo(7);
        BROCKERD.stop();
        BROCKERD.startBy(withGroups());
        assertThat(asNobody(GROUP).code()).as("curl when the group is gone").isEqualTo(7);
    }

    /** A program that becomes the daemon on a host that has no group of that name but the given one. */
    private static List<String> withGroups(String... more) throws IOException {
        List<String> groups = new ArrayList<>(Files.readAllLines(Path.of("/etc/group")));
        groups.removeIf(line -> line.startsWith("brocker:"));
        groups.addAll(List.of(more));
        Path file = BROCKERD.file("group", String.join("\n", groups) + "\n");
        String script = "mount --bind " + file + " /etc/group && exec \"$@\"";
        return List.of("unshare", "--mount", "sh", "-c", script, "sh");
    }

    private static Outcome asNobody(int group) {
        return Outcome.run(
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=" + group,
                        "--clear-groups",
                        "curl",
                        "-sS",
                        "--unix-socket",
                        BROCKERD.socket().toString(),
                        "http://brockerd/api/v1/health"),
                Map.of(),
                new byte[0]);
    }

    @Test
    void socketOfAKilledDaemonIsReplacedAndThatOfAStoppedOneIsGone() {
        BROCKERD.kill();
        assertThat(BROCKERD.socket()).exists();
        BROCKERD.start();
        assertThat(Wire.ask(unix(), SOON, "/api/v1/health")).startsWith("HTTP/1.1 200 ");
        assertThat(BROCKERD.stop()).isZero();
        assertThat(BROCKERD.socket()).doesNotExist();
    }

    @Test
    void socketThatIsDeletedIsMadeAgain() throws IOException {
        Files.delete(BROCKERD.socket());
        Await.until("it is there again", SOON, () -> Files.exists(BROCKERD.socket()));
        assertThat(Wire.ask(unix(), SOON, "/api/v1/health")).startsWith("HTTP/1.1 200 ");
        assertThat(access(BROCKERD.socket())).startsWith("rw------- 0:");
    }

    @Test
    void socketsOfTheServiceManagerStayWhileTheDaemonIsReplaced() {
        BROCKERD.stop();
        BROCKERD.startBy(holding(BROCKERD.socket(), BROCKERD.port()));
        BROCKERD.addService("{\"name\": \"held\"}");
        for (String signal : List.of("KILL", "TERM")) {
            long daemon = heldDaemon();
            Outcome.of("kill", "-" + signal, String.valueOf(daemon));
            List<Thread> clients = new ArrayList<>();
            List<String> answers = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 10; i++) {
                clients.add(Thread.ofVirtual().start(() -> answers.add(patiently(unix()))));
                clients.add(Thread.ofVirtual().start(() -> answers.add(patiently(tcp()))));
                Await.pause(Duration.ofMillis(50));
            }
            clients.forEach(SocketsTest::join);
            assertThat(answers).hasSize(20).allMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
            assertThat(heldDaemon()).isNotEqualTo(daemon);
        }
        BROCKERD.client("service", "remove", "held").succeeded();
        assertThat(BROCKERD.stop()).isZero();
    }

    /** A client that asks once more where the daemon left before it had read the request; it is never refused. */
    private static String patiently(SocketAddress address) {
        String answer = "";
        for (int i = 0; i < 5 && answer.isEmpty(); i++) {
            answer = Wire.ask(address, Duration.ofSeconds(20), "/api/v1/health", "Authorization: Bearer " + token());
        }
        return answer;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long heldDaemon() {
        Await.until("the daemon runs", SOON, () -> Host.children(BROCKERD.pid()).size() == 1);
        return Host.children(BROCKERD.pid()).getFirst();
    }

    private static List<String> holding(Path socket, int port) {
        return List.of(Tool.path().toString(), "hold", socket.toString(), String.valueOf(port));
    }

    @Test
    void containersGetNothingOfTheServiceManagers() {
        BROCKERD.stop();
        BROCKERD.startBy(Stream.concat(
                        Stream.of("env", "WATCHDOG_USEC=60000000"),
                        holding(BROCKERD.socket(), BROCKERD.port()).stream())
                .toList());
        BROCKERD.addService("{\"name\": \"clean\"}");
        String name = BROCKERD.client(
                        "container",
                        "run",
                        BROCKERD.file(
                                        "env.json",
                                        "{\"service-name\": \"clean\", \"command\": [\"sh\", \"-c\","
                                                + " \"env; ls -l /proc/self/fd\"]}")
                                .toString())
                .succeeded()
                .stdout()
                .strip();
        assertThat(BROCKERD.awaitExit(name)).isZero();
        String said = BROCKERD.client("container", "logs", name).succeeded().stdout();
        assertThat(said).contains("BROCKER_SERVICE=clean").doesNotContain("LISTEN_", "WATCHDOG_", "socket:");
        BROCKERD.client("service", "remove", "clean").succeeded();
    }

    @Test
    void socketElsewhereThanTheOptionsSayIsRefused() {
        BROCKERD.stop();
        Path elsewhere = BROCKERD.work().resolve("elsewhere.sock");
        int port = Brockerd.freePort();
        for (List<String> holder : List.of(holding(elsewhere, BROCKERD.port()), holding(BROCKERD.socket(), port))) {
            List<String> words = Stream.concat(holder.stream(), BROCKERD.commandLine().stream())
                    .toList();
            Outcome.run(words, Map.of(), new byte[0])
                    .failed(2)
                    .saying("the service manager listens on ")
                    .hinting("make ListenStream= in brockerd.socket agree with the options");
        }
    }

    @Test
    void watchdogHearsNothingWhileTheDaemonDoesNotAnswer() throws IOException {
        Path heard = BROCKERD.work().resolve("watchdog.out");
        Path socket = BROCKERD.work().resolve("notify");
        Process manager = new ProcessBuilder(
                        Tool.path().toString(), "manager", socket.toString(), String.valueOf(BROCKERD.port()))
                .redirectOutput(heard.toFile())
                .start();
        try {
            Await.until("it listens", SOON, () -> Files.exists(socket));
            BROCKERD.stop();
            BROCKERD.startBy(List.of("env", "NOTIFY_SOCKET=" + socket, "WATCHDOG_USEC=1000000"));
            Await.until("it hears of life", SOON, () -> proofs(heard) >= 3);
            String pid = String.valueOf(BROCKERD.pid());
            Outcome.of("prlimit", "--pid", pid, "--nofile=3:");
            Await.pause(Duration.ofSeconds(1));
            long before = proofs(heard);
            Await.pause(Duration.ofSeconds(3));
            assertThat(proofs(heard)).isEqualTo(before);
            Outcome.of("prlimit", "--pid", pid, "--nofile=4096:");
            Await.until("it hears of life again", SOON, () -> proofs(heard) >= before + 2);
        } finally {
            manager.destroyForcibly().onExit().join();
            Files.deleteIfExists(socket);
        }
    }

    private static long proofs(Path heard) {
        return Host.lines(heard).stream()
                .filter(line -> line.endsWith("WATCHDOG=1"))
                .count();
    }
}
