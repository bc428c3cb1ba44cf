package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What changes is told: in order, once, and over the end of the daemon. */
class EventsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final List<Follower> followers = new ArrayList<>();

    @AfterEach
    void stop() {
        followers.forEach(Follower::close);
    }

    /** The client as it follows, in a process of its own; what it prints goes to files. */
    private record Follower(Process process, Path out, Path err) implements AutoCloseable {
        static Follower start(String name, String... arguments) {
            Path out = BROCKERD.work().resolve(name + ".out");
            Path err = BROCKERD.work().resolve(name + ".err");
            List<String> words = new ArrayList<>(List.of("events", "-f", "--format", "json"));
            words.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(
                    Outcome.command(Distribution.program("brocker-client"), words.toArray(String[]::new)));
            builder.environment().putAll(BROCKERD.clientEnv());
            try {
                return new Follower(
                        builder.redirectOutput(out.toFile())
                                .redirectError(err.toFile())
                                .start(),
                        out,
                        err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<JsonNode> events() {
            return Host.lines(out).stream().map(Rest::parse).toList();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Follower follow(String name, String... arguments) {
        Follower follower = Follower.start(name, arguments);
        followers.add(follower);
        return follower;
    }

    private static List<JsonNode> since(long sequence) {
        return BROCKERD.client("events", "--format", "json", "--since", String.valueOf(sequence))
                .succeeded()
                .stdout()
                .lines()
                .map(Rest::parse)
                .toList();
    }

    private static long newest() {
        List<JsonNode> all = BROCKERD.client("events", "--format", "json")
                .succeeded()
                .stdout()
                .lines()
                .map(Rest::parse)
                .toList();
        return all.isEmpty() ? 0 : all.getLast().path("sequence").asLong();
    }

    private static long sequence(JsonNode event) {
        return event.path("sequence").asLong();
    }

    /** Such as {@code replica container.started}. */
    private static String said(JsonNode event) {
        String role = event.path("details").path("role").asString("");
        return (role + " " + event.path("type").asString()).strip();
    }

    private static List<String> said(List<JsonNode> events) {
        return events.stream().map(EventsTest::said).toList();
    }

    private static List<JsonNode> of(String container, List<JsonNode> events) {
        return events.stream()
                .filter(event -> event.path("container").asString("").equals(container))
                .toList();
    }

    private static List<JsonNode> ends(String container) {
        return of(container, since(0)).stream()
                .filter(event -> event.path("type").asString().equals("container.exited"))
                .toList();
    }

    private static void awaitEvent(String type, long since, String container) {
        Await.until(
                type + " of " + container,
                Duration.ofSeconds(20),
                () -> of(container, since(since)).stream()
                        .anyMatch(event -> event.path("type").asString().equals(type)));
    }

    @Test
    void aServicesLifeIsExactlyItsChangesAndIsResumedAnywhere() {
        long before = newest();
        BROCKERD.addService("{\"name\": \"told\", \"bridge-ip\": \"10.77.31.1\", \"port\": 9000}");
        String name = BROCKERD.runTool("told", "serve 9000");
        BROCKERD.awaitReady("told", 1);
        BROCKERD.client("container", "update", "--pids", "50", name).succeeded();
        BROCKERD.client("container", "stop", name).succeeded();
        BROCKERD.client("container", "stop", name).succeeded();
        BROCKERD.client("container", "remove", name).succeeded();
        BROCKERD.client("service", "remove", "told").succeeded();

        List<JsonNode> all = since(before);
        assertThat(said(all))
                .containsExactly(
                        "service.added",
                        "proxy container.created",
                        "proxy container.started",
                        "proxy container.ready",
                        "application container.created",
                        "application container.started",
                        "application container.ready",
                        "application container.updated",
                        "application container.stopping",
                        "application container.exited",
                        "application container.removed",
                        "service.removing",
                        "proxy container.exited",
                        "proxy container.removed",
                        "service.removed");
        assertThat(all).allMatch(event -> event.path("service").asString().equals("told"));
        assertThat(of(name, all)).hasSize(7);
        assertThat(of(name, all).get(5).path("details").path("exit-code").asInt())
                .isEqualTo(143);
        assertThat(all.stream().map(EventsTest::sequence).toList())
                .isEqualTo(IntStream.rangeClosed(1, all.size())
                        .mapToObj(i -> before + i)
                        .toList());
        for (int i = 0; i < all.size(); i++) {
            assertThat(since(before + i + 1)).isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void followersMissNothingWhileTheDaemonIsKilledAndAnEndMeanwhileIsToldOnce() {
        BROCKERD.addService("{\"name\": \"killed\", \"bridge-ip\": \"10.77.32.1\", \"port\": 9000}");
        long begin = newest();
        Follower now = follow("now");
        Follower resumed = follow("resumed", "--since", String.valueOf(begin));
        String first = BROCKERD.runTool("killed", "serve 9000");
        awaitEvent("container.ready", begin, first);
        Await.until("it is told", Duration.ofSeconds(20), () -> resumed.events().size() >= 3);
        long command = BROCKERD.commandPid(first);
        long highest = newest();
        BROCKERD.kill();
        ProcessHandle.of(command).orElseThrow().destroyForcibly();
        Await.until("the command has ended", Duration.ofSeconds(20), () -> !Files.exists(Path.of("/proc/" + command)));
        Await.pause(Duration.ofMillis(300));
        BROCKERD.start();

        assertThat(ends(first)).hasSize(1);
        JsonNode end = ends(first).getFirst();
        assertThat(end.path("details").path("exit-code").asInt()).isEqualTo(137);
        assertThat(sequence(end)).isGreaterThan(highest);
        String second = BROCKERD.runTool("killed", "serve 9000");
        awaitEvent("container.ready", begin, second);
        assertThat(BROCKERD.stop()).isZero();
        BROCKERD.start();
        BROCKERD.client("container", "stop", second).succeeded();

        assertThat(ends(first)).hasSize(1);
        assertThat(ends(second)).hasSize(1);
        List<JsonNode> all = since(begin);
        assertThat(all.stream().map(EventsTest::sequence).toList()).isSorted().doesNotHaveDuplicates();
        Await.until(
                "everything is told",
                Duration.ofSeconds(20),
                () -> resumed.events().size() >= all.size()
                        && now.events().stream().anyMatch(event -> event.equals(all.getLast())));
        assertThat(resumed.events()).isEqualTo(all);
        // When it began to follow is not known; from there on nothing is missing.
        assertThat(now.events())
                .isNotEmpty()
                .isEqualTo(all.subList(all.size() - now.events().size(), all.size()));
        assertThat(now.events().size()).isGreaterThan(3);
        for (Follower follower : List.of(now, resumed)) {
            assertThat(Host.lines(follower.err()))
                    .hasSize(2)
                    .containsOnly("warning: the daemon has left; events go on when it is back");
            assertThat(follower.process().isAlive()).isTrue();
        }
    }

    @Test
    void killForLackOfMemoryIsAnEventOfItsOwn() {
        BROCKERD.addService("{\"name\": \"hungry\", \"bridge-ip\": \"10.77.33.1\"}");
        String json = "{\"service-name\": \"hungry\", \"memory\": \"32m\", \"command\": \"tail /dev/zero\"}";
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("hungry.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        BROCKERD.awaitExit(name);

        List<JsonNode> own = of(name, since(0));
        assertThat(said(own).subList(own.size() - 2, own.size()))
                .containsExactly("application container.oom", "application container.exited");
        assertThat(own.getLast().path("details").path("reason").asString()).isEqualTo("out of memory");
        assertThat(BROCKERD.client("events").succeeded().stdout())
                .contains(" container.oom ")
                .contains("role=application exit-code=137 oom-kills=1 reason=\"out of memory\"");
    }

    @Test
    void startThatFailsIsToldAndTakenBack() {
        BROCKERD.addService("{\"name\": \"failing\", \"bridge-ip\": \"10.77.34.1\"}");
        long before = newest();
        String json = "{\"service-name\": \"failing\", \"command\": \"/usr/bin/jav\"}";
        BROCKERD.client("container", "run", BROCKERD.file("failing.json", json).toString())
                .failed(1)
                .saying("cannot start");

        assertThat(said(since(before)))
                .containsExactly("application container.created", "application container.removed");
    }

    @Test
    void readerThatDoesNotReadHoldsNobodyUp() throws IOException {
        BROCKERD.addService("{\"name\": \"slow\", \"bridge-ip\": \"10.77.35.1\"}");
        long before = newest();
        List<java.net.Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                java.net.Socket socket = Http.connect("127.0.0.1", BROCKERD.port());
                silent.add(socket);
                String request = "GET /api/v1/events?since=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + BROCKERD.rest().token() + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
            for (int i = 0; i < 5; i++) {
                BROCKERD.awaitExit(BROCKERD.runTool("slow", "exit 3"));
            }
            assertThat(since(before).stream()
                            .filter(event -> event.path("type").asString().equals("container.exited")))
                    .hasSize(5);
        } finally {
            for (java.net.Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void numberOfNoEventIsRefused() {
        BROCKERD.client("events", "--since", "1000000")
                .failed(1)
                .saying("there is no event \"1000000\" yet: the newest is ");
    }
}
