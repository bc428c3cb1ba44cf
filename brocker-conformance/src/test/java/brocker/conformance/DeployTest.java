package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A service that changes while clients that never try again send requests to it. */
class DeployTest {
    private static final int CLIENTS = 8;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "shop");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void deployRollbackAndScaleFailNoRequest(int replicas) {
        add("serve 9000", replicas);
        try (Load load = new Load(port, CLIENTS)) {
            awaitAnswers(load, 100);
            Outcome deployed = deploy("serve 9000 50", replicas).succeeded();
            assertThat(deployed.stdout()).endsWith("shop: revision 2, %1$d/%1$d ready\n".formatted(replicas));
            assertThat(deployed.stdout().lines().filter(line -> line.endsWith("  revision 2  healthy")))
                    .hasSize(replicas);
            assertThat(deployed.stdout().lines().filter(line -> line.endsWith("  revision 1  draining")))
                    .hasSizeLessThanOrEqualTo(replicas);
            assertThat(revisions()).isEqualTo(Map.of(1, "superseded", 2, "active"));
            assertThat(ofReplicas("revision")).hasSize(replicas).containsOnly("2");
            awaitAnswers(load, 100);

            BROCKERD.client("service", "rollback", "shop").succeeded();
            assertThat(revisions()).isEqualTo(Map.of(1, "active", 2, "superseded"));
            assertThat(ofReplicas("revision")).hasSize(replicas).containsOnly("1");
            awaitAnswers(load, 100);

            BROCKERD.client("service", "scale", "shop", "5").succeeded();
            assertThat(ofReplicas("ready")).hasSize(5).containsOnly("true");
            awaitAnswers(load, 100);
            BROCKERD.client("service", "scale", "shop", "2").succeeded();
            assertThat(ofReplicas("ready")).hasSize(2).containsOnly("true");
            awaitAnswers(load, 100);

            BROCKERD.client("service", "rollback", "shop", "--to", "2").succeeded();
            assertThat(ofReplicas("revision"))
                    .as("as many as there were")
                    .hasSize(2)
                    .containsOnly("2");
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 3       |             | ended with code 3
            say          |             | ended with code 0
            nonsense     |             | ended with code
            sleep        |             | was not healthy within 2s: 10.0.1.
            serve 9000   | /status/500 | /status/500: "HTTP/1.1 500 Whatever", which says "out of order"
            serve 9000   | /status/301 | /status/301: "HTTP/1.1 301 Whatever", which points to "/"; redirects are not
            """)
    void whatDoesNotBecomeHealthyIsGivenUpAndTheOldWasNeverTouched(String command, String path, String cause) {
        add("serve 9000", 2);
        List<String> before = ofReplicas("name");
        try (Load load = new Load(port, CLIENTS)) {
            awaitAnswers(load, 50);
            String health = path == null
                    ? "\"start-timeout\": \"2s\""
                    : "\"start-timeout\": \"2s\", \"path\": \"" + path + "\"";
            Outcome refused = deploy(spec(command, 2, ", \"health\": {" + health + "}"));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.stderr())
                    .startsWith("error: revision 2 of \"shop\" was given up: the container \"")
                    .contains(cause);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        assertThat(ofReplicas("name")).isEqualTo(before);
        assertThat(ofReplicas("ready")).containsOnly("true");
        assertThat(revisions()).isEqualTo(Map.of(1, "active", 2, "failed"));
        if (command.equals("say")) {
            assertThat(BROCKERD.client("service", "inspect", "shop").stdout()).contains("it wrote last:");
        }
    }

    @Test
    void aCommandThatIsNotThereIsGivenUp() {
        add("serve 9000", 1);
        Outcome refused = deploy("""
                {"name": "shop", "publish": "127.0.0.1:%d", "port": 9000, "container": {"command": "/no/such"}}""".formatted(port));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.stderr()).contains("\"/no/such\"").contains("no such file");
        assertThat(ofReplicas("ready")).containsExactly("true");
    }

    @Test
    void aDaemonThatIsKilledInTheMiddleGoesOn() throws Exception {
        add("serve 9000", 3);
        try (Load load = new Load(port, CLIENTS)) {
            awaitAnswers(load, 100);
            CompletableFuture<Outcome> deploying = CompletableFuture.supplyAsync(() -> deploy("serve 9000 700", 3));
            Await.until(
                    "the first of three is there",
                    Duration.ofSeconds(20),
                    () -> ofReplicas("revision").contains("2"));
            BROCKERD.kill();
            awaitAnswers(load, 50);
            BROCKERD.start();
            assertThat(deploying.get().succeeded().stdout()).endsWith("shop: revision 2, 3/3 ready\n");
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        assertThat(ofReplicas("revision")).hasSize(3).containsOnly("2");
        assertThat(revisions()).isEqualTo(Map.of(1, "superseded", 2, "active"));
    }

    @Test
    void twoAtATimeAreNotDone() throws Exception {
        add("serve 9000", 1);
        CompletableFuture<Outcome> first = CompletableFuture.supplyAsync(() -> deploy("serve 9000 6000", 1));
        Await.until("it is under way", Duration.ofSeconds(20), () -> revisions().containsValue("deploying"));
        Outcome refused = deploy("serve 9000", 1);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.stderr())
                .startsWith("error: the service \"shop\" is being deployed: revision 2\n")
                .contains("hint: follow it: brocker-client service status --follow shop\n");
        assertThat(BROCKERD.client("service", "scale", "shop", "2").stderr()).contains("is being deployed");
        Outcome waited = BROCKERD.client("service", "deploy", "--wait", file(spec("serve 9000", 1, "")));
        assertThat(waited.succeeded().stdout()).endsWith("shop: revision 3, 1/1 ready\n");
        first.get().succeeded();
    }

    @Test
    void interruptedClientDoesNotStopItAndSaysHowToFollow() throws Exception {
        add("serve 9000", 1);
        // Whoever runs the tests in the background of a script has them ignore interrupts.
        ProcessBuilder builder = new ProcessBuilder(
                "env",
                "--default-signal=INT",
                Distribution.program("brocker-client").toString(),
                "service",
                "deploy",
                file(spec("serve 9000 6000", 1, "")));
        builder.environment().putAll(BROCKERD.clientEnv());
        Process client = builder.start();
        Await.until("it is under way", Duration.ofSeconds(20), () -> revisions().containsValue("deploying"));
        assertThat(client.inputReader().readLine()).as("it is followed").contains("revision 1  healthy");
        Outcome.of("kill", "-INT", String.valueOf(client.pid()));
        assertThat(client.waitFor()).isEqualTo(130);
        assertThat(client.errorReader().readLine())
                .isEqualTo("it goes on without you; follow it: brocker-client service status --follow shop");

        Outcome followed = BROCKERD.client("service", "status", "--follow", "shop");
        assertThat(followed.succeeded().stdout())
                .contains("  revision 2  healthy\n")
                .endsWith("shop: revision 2, 1/1 ready\n");
        assertThat(BROCKERD.client("service", "status", "--follow", "shop")
                        .succeeded()
                        .stdout())
                .as("without a deployment")
                .startsWith("shop: 1/1 ready, published at ");
    }

    @Test
    void artifactsOfTheLastRevisionsAreKeptToGoBackTo() throws Exception {
        for (int revision = 1; revision <= 7; revision++) {
            // The same program with another content each time: what follows the sections of an ELF file is not read.
            byte[] program = Files.readAllBytes(Tool.path());
            byte[] content = Arrays.copyOf(program, program.length + revision);
            Path file = Files.write(BROCKERD.work().resolve("tool"), content);
            assertThat(file.toFile().setExecutable(true)).isTrue();
            String json = """
                    {"name": "shop", "publish": "127.0.0.1:%d", "port": 9000, "replicas": 1,
                     "container": {"command": "/app/tool serve 9000", "copy-file": true, "file": "%s"}}""".formatted(port, file);
            if (revision == 1) {
                BROCKERD.addService(json);
                BROCKERD.awaitReady("shop", 1);
            } else {
                deploy(json).succeeded();
            }
        }
        assertThat(revisions()).containsOnlyKeys(3, 4, 5, 6, 7);
        BROCKERD.stop();
        BROCKERD.start();
        assertThat(Host.entries(BROCKERD.state().resolve("artifacts"))).hasSize(5);

        BROCKERD.client("service", "rollback", "shop", "--to", "3").succeeded();
        assertThat(revisions()).containsEntry(3, "active").containsEntry(7, "superseded");
        Path app = BROCKERD.containers().resolve(ofReplicas("name").getFirst());
        assertThat(app.resolve("tool")).hasSize(Files.size(Tool.path()) + 3);
        BROCKERD.client("service", "rollback", "shop").succeeded();
        assertThat(revisions()).as("to the one before").containsEntry(7, "active");
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsChanged() {
        add("serve 9000", 1);
        JsonNode before = BROCKERD.service("shop");
        assertRefused("there is no service \"shopp\"", "service", "rollback", "shopp");
        assertRefused(
                "there is no service \"none\"",
                "service",
                "deploy",
                file("{\"name\": \"none\", \"container\": {\"command\": \"x\"}}"));
        assertRefused(
                "there is no \"container\" to deploy",
                "service",
                "deploy",
                file("{\"name\": \"shop\", \"publish\": \"127.0.0.1:%d\"}".formatted(port)));
        assertRefused(
                "\"publish\" cannot be changed from \"[127.0.0.1:" + port + "]\" to \"[]\" by a deployment",
                "service",
                "deploy",
                file("{\"name\": \"shop\", \"container\": {\"command\": \"x\"}}"));
        assertRefused("there is no earlier revision of \"shop\"", "service", "rollback", "shop");
        assertRefused("revision 1 of \"shop\" is the active one", "service", "rollback", "shop", "--to", "1");
        assertRefused("there is no revision 7 of \"shop\"", "service", "rollback", "shop", "--to", "7");
        for (String bad : List.of(
                "\"health\": {\"path\": \"ready\"}",
                "\"health\": {\"interval\": \"0s\"}",
                "\"replicas\": 0",
                "\"replicas\": 10000")) {
            String json =
                    spec("serve 9000", 1, "").replace("\"replicas\": 1,", "").replaceFirst("}$", ", " + bad + "}");
            Outcome refused = deploy(json).failed(1);
            String key =
                    bad.substring(bad.lastIndexOf('{') + 1).split(":", -1)[0].strip();
            assertThat(refused.stderr()).matches("(?s)error: \".*/deploy.json\" line 1: " + key + ".*");
        }
        BROCKERD.client("service", "scale", "shop", "0").failed(2).saying("\"0\" is not a number of replicas");
        assertThat(BROCKERD.rest()
                        .post("/api/v1/services/shop/scale", "{\"replicas\": 0}")
                        .status())
                .isEqualTo(400);
        assertThat(BROCKERD.service("shop")).isEqualTo(before);
        String status = BROCKERD.client("service", "status", "shop").succeeded().stdout();
        assertThat(status).startsWith("shop: 1/1 ready, published at 127.0.0.1:" + port + "\n");
        assertThat(status.lines()).anyMatch(line -> line.matches("1 +active +.*"));
        assertThat(status.lines()).anyMatch(line -> line.matches("[0-9a-f]{12} +1 +healthy +10\\..*"));
    }

    private void add(String command, int replicas) {
        BROCKERD.addService(spec(command, replicas, ""));
        BROCKERD.awaitReady("shop", replicas);
    }

    private String spec(String command, int replicas, String more) {
        return """
                {"name": "shop", "bridge-ip": "10.0.1.1", "publish": "127.0.0.1:%d", "port": 9000, "replicas": %d, "container": {%s}%s}""".formatted(port, replicas, Tool.template(command), more);
    }

    private Outcome deploy(String command, int replicas) {
        return deploy(spec(command, replicas, ""));
    }

    private static Outcome deploy(String json) {
        return BROCKERD.client("service", "deploy", file(json));
    }

    private static String file(String json) {
        return BROCKERD.file("deploy.json", json).toString();
    }

    private static void assertRefused(String error, String... words) {
        Outcome outcome = BROCKERD.client(words);
        assertThat(outcome.code()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: ").contains(error);
    }

    /** What is said of each replica that has not ended. */
    private static List<String> ofReplicas(String key) {
        return BROCKERD.replicas("shop").stream()
                .filter(view -> !view.path("state").asString().equals("exited"))
                .map(view -> view.path(key).asString())
                .toList();
    }

    private static Map<Integer, String> revisions() {
        return BROCKERD.service("shop")
                .path("revisions")
                .valueStream()
                .collect(java.util.stream.Collectors.toMap(
                        revision -> revision.path("number").asInt(),
                        revision -> revision.path("state").asString()));
    }

    private static void awaitAnswers(Load load, int number) {
        int wanted = load.answered() + number;
        Await.until(wanted + " answers", Duration.ofSeconds(30), () -> load.answered() >= wanted);
    }
}
