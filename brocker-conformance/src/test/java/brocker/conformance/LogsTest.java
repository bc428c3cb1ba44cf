package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code container logs}, {@code service logs} and {@code container run --attach}: nothing twice, nothing missing, nobody held up. */
class LogsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    /** Files that are turned often, and none of which is given up. */
    private static final String SMALL_FILES = "\"log\": {\"max-size\": \"64k\", \"max-files\": 100}";

    /** Waits for a file, then writes numbered lines. */
    private static final String PHASE =
            "until [ -e /app/go%1$d ]; do sleep 0.02; done; i=%2$d; while [ $i -lt %3$d ]; do echo line $i; i=$((i+1)); done; ";

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"logs\", \"bridge-ip\": \"10.77.62.1\"}");
    }

    private static Path spec(String script, String... keys) {
        String more = String.join(
                "", java.util.stream.Stream.of(keys).map(key -> ", " + key).toList());
        return BROCKERD.file(
                "script.json",
                "{\"service-name\": \"logs\", \"command\": [\"/bin/sh\", \"-c\", \""
                        + script.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]" + more + "}");
    }

    private static String run(String script, String... keys) {
        return BROCKERD.client("container", "run", spec(script, keys).toString())
                .succeeded()
                .stdout()
                .strip();
    }

    private static CompletableFuture<Outcome> inBackground(String... arguments) {
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> BROCKERD.client(arguments));
        BROCKERD.awaitPatientClient();
        return outcome;
    }

    private static void go(String name, int phase) {
        try {
            Files.createFile(BROCKERD.containers().resolve(name).resolve("go" + phase));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i + "\n").reduce("", String::concat);
    }

    private static void awaitLine(String name, int last) {
        Await.until(
                name + " has written line " + last,
                Duration.ofSeconds(20),
                () -> BROCKERD.rest()
                        .get("/api/v1/containers/" + name + "/logs?tail=1")
                        .body()
                        .endsWith("line " + last + "\n"));
    }

    @Test
    void followingGoesThroughRotationsAndEndsWithTheContainer() {
        String name = run(PHASE.formatted(1, 0, 3000) + "echo bye >&2; exit 4", SMALL_FILES);
        CompletableFuture<Outcome> following = inBackground("container", "logs", "-f", name);
        go(name, 1);
        Outcome outcome = following.join().succeeded();
        assertThat(outcome.stdout()).isEqualTo(lines(0, 3000));
        assertThat(outcome.stderr()).isEqualTo("bye\n");
        assertThat(BROCKERD.state().resolve("containers/" + name + "/log.1")).exists();

        assertThat(BROCKERD.client("container", "logs", name).succeeded().stdout())
                .isEqualTo(lines(0, 3000));
        assertThat(BROCKERD.client("container", "logs", "-f", "--tail", "3", name)
                        .succeeded()
                        .stdout())
                .isEqualTo(lines(2998, 3000));
    }

    @Test
    void followingGoesOnOverAKilledDaemonWithoutGapOrRepetition() {
        String name = run(
                PHASE.formatted(1, 0, 1000) + PHASE.formatted(2, 1000, 2000) + PHASE.formatted(3, 2000, 3000),
                SMALL_FILES);
        CompletableFuture<Outcome> following = inBackground("container", "logs", "-f", "--tail", "0", name);
        go(name, 1);
        awaitLine(name, 999);
        BROCKERD.kill();
        go(name, 2);
        BROCKERD.start();
        awaitLine(name, 1999);
        go(name, 3);
        Outcome outcome = following.join().succeeded();
        assertThat(outcome.stdout()).isEqualTo(lines(0, 3000));
        assertThat(outcome.stderr()).isEqualTo("warning: the daemon has left; the log goes on when it is back\n");
    }

    @Test
    void containerThatIsStartedAgainIsFollowedOn() {
        String name = run("echo once; exit 1", "\"restart\": \"on-failure:1\"");
        assertThat(BROCKERD.client("container", "logs", "-f", name).succeeded().stdout())
                .isEqualTo("once\nonce\n");
    }

    @Test
    void longLinesAndBinaryOutputComeAsTheyWere() {
        String name = run(
                "printf '\\000\\033\\377\\015x\\n'; head -c 1048576 /dev/zero | tr '\\000' y; echo; printf unfinished");
        BROCKERD.awaitExit(name);
        byte[] out = BROCKERD.client("container", "logs", name).succeeded().stdoutBytes();
        String text = new String(out, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(0, 6)).isEqualTo("\0\u001b\u00ff\rx\n");
        assertThat(text.substring(6)).isEqualTo("y".repeat(1 << 20) + "\nunfinished\n");
        Outcome last = BROCKERD.client("container", "logs", "--tail", "2", "--timestamps", name)
                .succeeded();
        assertThat(last.stdout().lines()).hasSize(2).allMatch(line -> line.matches("20\\S+Z (y+|unfinished)"));
    }

    @Test
    void sinceTakesTimesAndDurations() {
        String name = run("echo first; until [ -e /app/go1 ]; do sleep 0.02; done; echo second");
        Await.until(
                "first",
                Duration.ofSeconds(10),
                () -> BROCKERD.client("container", "logs", name).stdout().equals("first\n"));
        Instant between = Instant.now();
        go(name, 1);
        BROCKERD.awaitExit(name);
        assertThat(BROCKERD.client("container", "logs", "--since", between.toString(), name)
                        .succeeded()
                        .stdout())
                .isEqualTo("second\n");
        assertThat(BROCKERD.client("container", "logs", "--since", "1h", name)
                        .succeeded()
                        .stdout())
                .isEqualTo("first\nsecond\n");
        assertThat(BROCKERD.client("container", "logs", "--since", "0s", "-f", name)
                        .succeeded()
                        .stdout())
                .isEmpty();
    }

    @Test
    void readersThatDoNotReadHoldNobodyUp() throws IOException {
        String name = run(
                "until [ -e /app/go1 ]; do sleep 0.02; done; head -c 20000000 /dev/zero | tr '\\000' z | fold -w 100");
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = Http.connect("127.0.0.1", BROCKERD.port());
                silent.add(socket);
                String request = "GET /api/v1/containers/" + name
                        + "/logs?follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + BROCKERD.rest().token() + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            go(name, 1);
            assertThat(BROCKERD.client("container", "wait", name).code()).isZero();
            assertThat(BROCKERD.client("container", "logs", "--tail", "1", name)
                            .succeeded()
                            .stdout())
                    .isEqualTo("z".repeat(100) + "\n");
            assertThat(BROCKERD.client("container", "list").succeeded().stdout())
                    .contains("logs");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void fullDiskCostsLinesThatAreCountedAndNotTheApplication() {
        // What is forgotten meanwhile, as the oldest ended one, would not be found below the mount.
        BROCKERD.containers("logs").stream()
                .filter(view -> view.path("state").asString().equals("exited"))
                .forEach(view -> BROCKERD.client(
                                "container", "remove", view.path("name").asString())
                        .succeeded());
        Path records = BROCKERD.state().resolve("containers");
        Outcome.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", records.toString());
        try {
            String name = run("head -c 3000000 /dev/zero | tr '\\000' z | fold -w 99");
            assertThat(BROCKERD.client("container", "wait", name).code()).isZero();
            long kept = BROCKERD.client("container", "logs", name)
                    .succeeded()
                    .stdout()
                    .lines()
                    .count();
            long lost = BROCKERD.inspect(name).path("lost-lines").asLong();
            assertThat(kept).isBetween(5000L, 10000L);
            assertThat(kept + lost).isEqualTo((3_000_000 + 98) / 99);
            BROCKERD.client("container", "remove", name).succeeded();
        } finally {
            Outcome.of("umount", records.toString());
        }
    }

    @Test
    void unknownAndAmbiguousNamesAreRefused() {
        BROCKERD.client("container", "logs", "-f", "ffffffffffff")
                .failed(1)
                .saying("there is no container \"ffffffffffff\"");
        BROCKERD.client("service", "logs", "log")
                .failed(1)
                .saying("there is no service")
                .hinting("\"logs\"");
        Rest rest = BROCKERD.rest();
        String name = BROCKERD.containers("logs").getFirst().path("name").asString();
        for (String query : List.of("tail=x", "since=soon", "follow=1", "marks=yes", "after=here")) {
            assertThat(rest.get("/api/v1/containers/" + name + "/logs?" + query).status())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void logsOfAServiceFollowReplicasThatJoinUntilItIsRemoved() {
        BROCKERD.addService("""
                {"name": "many", "bridge-ip": "10.77.63.1", "replicas": 1, "container": {
                 "command": ["/bin/sh", "-c", "echo here; exec /mnt/tool serve 8080"],
                 "mounts": [{"source": "%s", "target": "/mnt/tool", "read-only": true}]}}""".formatted(Tool.path()));
        CompletableFuture<Outcome> following = inBackground("service", "logs", "-f", "many");
        BROCKERD.client("service", "scale", "many", "2").succeeded();
        List<String> names = new ArrayList<>();
        Await.until("two replicas", Duration.ofSeconds(20), () -> {
            names.clear();
            BROCKERD.replicas("many").stream()
                    .forEach(view -> names.add(view.path("name").asString().substring(0, 12)));
            return names.size() == 2;
        });
        Await.until(
                "both are read",
                Duration.ofSeconds(20),
                () -> BROCKERD.client("service", "logs", "many")
                                .stdout()
                                .lines()
                                .count()
                        == 2);
        Await.pause(Duration.ofSeconds(2));
        BROCKERD.client("service", "remove", "many").succeeded();
        assertThat(following.join().succeeded().stdout().lines())
                .containsExactlyInAnyOrder(names.get(0) + " | here", names.get(1) + " | here");
    }

    @Test
    void attachedRunEndsWithTheContainersCodeAndGivesItSignals() throws IOException, InterruptedException {
        Outcome ended = BROCKERD.client(
                "container",
                "run",
                "--attach",
                spec("echo out; echo err >&2; exit 6").toString());
        assertThat(ended.code()).isEqualTo(6);
        assertThat(ended.stdout()).isEqualTo("out\n");
        assertThat(ended.stderr()).isEqualTo("err\n");

        String script = "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
        ProcessBuilder builder = new ProcessBuilder(Outcome.command(
                Distribution.program("brocker-client"),
                "container",
                "run",
                "--attach",
                spec(script).toString()));
        builder.environment().putAll(BROCKERD.clientEnv());
        Process process = builder.start();
        try (var out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("ready");
            // Not of the process itself, which would close its streams as well.
            process.toHandle().destroy();
            assertThat(out.readLine()).isEqualTo("told");
            assertThat(out.readLine()).isNull();
        }
        assertThat(process.waitFor()).isEqualTo(9);
    }
}
