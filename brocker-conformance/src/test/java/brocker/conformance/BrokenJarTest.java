package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * The Spring Boot application of the examples, deployed in states in which a release should not be. None of the files says how to ask for
 * its health.
 */
class BrokenJarTest {
    private static final Path JAR = Distribution.sources().resolve("examples/hello/target/hello.jar");

    /** Long enough for a JVM that shares two processors with three others. */
    private static final Duration START = Duration.ofSeconds(45);

    /** What {@code hello.broken} says, and what the user is told. */
    private static final Map<String, String> BROKEN = Map.of(
            "500", "/actuator/health/readiness: \"HTTP/1.1 500\", which says \"hello.broken=500\"",
            "301",
                    "/actuator/health/readiness: \"HTTP/1.1 301\", which points to"
                            + " \"https://elsewhere.example/actuator/health/readiness\"; redirects are not followed",
            "hang", "/actuator/health/readiness: no answer within 2000 ms");

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    /** A service whose new revision is broken, under load. */
    private record Deploying(
            String service, String cause, List<String> before, Load load, CompletableFuture<Outcome> outcome) {
        static Deploying begin(String how, String cause) {
            String service = "broken-" + how;
            int port = Brockerd.freePort();
            BROCKERD.addService(spec(service, port, Tool.template("serve 9000")));
            BROCKERD.awaitReady(service, 1);
            String json = spec(service, port, hello("--hello.broken=" + how));
            return new Deploying(
                    service,
                    cause,
                    replicas(service),
                    new Load(port, 2),
                    CompletableFuture.supplyAsync(() -> deploy(service, json)));
        }

        void check() {
            Outcome refused = outcome.join();
            load.finish();
            assertThat(refused.code()).as(refused.stderr()).isEqualTo(1);
            assertThat(refused.stderr().lines().findFirst().orElseThrow())
                    .startsWith("error: revision 2 of \"" + service + "\" was given up: the container \"")
                    .matches(".* was not healthy within 45s: 10\\.\\d+\\.\\d+\\.\\d+:9000/.*")
                    .contains(cause);
            assertThat(refused.stderr()).as("its log").contains("  | ").contains("Tomcat started on port 9000");
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
            assertThat(load.answered()).isGreaterThan(100);
            assertThat(replicas(service)).isEqualTo(before);
            assertThat(BROCKERD.service(service).path("ready").asInt()).isEqualTo(1);
        }
    }

    @Test
    void whatStartsAndDoesNotWorkIsGivenUpAndTheCauseIsNamed() {
        List<Deploying> all = BROKEN.entrySet().stream()
                .map(broken -> Deploying.begin(broken.getKey(), broken.getValue()))
                .toList();
        all.forEach(Deploying::check);
    }

    @Test
    void oneThatDoesNotStartLeavesTheOldOneAndOneWithoutProbesIsAskedForItsWholeHealth() {
        int port = Brockerd.freePort();
        BROCKERD.addService(spec("hello", port, hello("")));
        Await.until(
                "it is healthy",
                Duration.ofSeconds(60),
                () -> BROCKERD.service("hello").path("ready").asInt() == 1);
        List<String> before = replicas("hello");
        try (Load load = new Load(port, 4, "/", "/echo")) {
            load.awaitAnswers(50);
            Outcome refused = deploy("hello", spec("hello", port, hello("--server.port=none")));
            assertThat(refused.code()).as(refused.stderr()).isEqualTo(1);
            assertThat(refused.stderr())
                    .startsWith("error: revision 2 of \"hello\" was given up: the container \"")
                    .contains("\" ended with code 1; it wrote last:")
                    .contains("server.port");
            assertThat(replicas("hello")).isEqualTo(before);

            Outcome deployed =
                    deploy("hello", spec("hello", port, hello("--management.endpoint.health.probes.enabled=false")));
            assertThat(deployed.succeeded().stdout()).endsWith("hello: revision 3, 1/1 ready\n");
            assertThat(replicas("hello")).hasSize(1).isNotEqualTo(before);
            load.awaitAnswers(50);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    private static String spec(String name, int port, String template) {
        return """
                {"name": "%s", "publish": "127.0.0.1:%d", "port": 9000, "replicas": 1,
                 "health": {"start-timeout": "%ds"}, "container": {%s}}""".formatted(name, port, START.toSeconds(), template);
    }

    /** The keys of a template that runs the application, with a JVM that hurries. */
    private static String hello(String arguments) {
        assertThat(JAR).as("built by: make examples/hello/target/hello.jar").matches(Files::exists);
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        return """
                "command": "%s -Xmx96m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar /app/hello.jar --server.port=9000 %s", \
                "copy-file": true, "file": "%s"\
                """.formatted(java.toAbsolutePath(), arguments, JAR);
    }

    private static Outcome deploy(String service, String json) {
        return BROCKERD.client(
                "service", "deploy", BROCKERD.file(service + ".json", json).toString());
    }

    private static List<String> replicas(String service) {
        return BROCKERD.replicas(service).stream()
                .filter(view -> !view.path("state").asString().equals("exited"))
                .map((JsonNode view) -> view.path("name").asString())
                .toList();
    }
}
