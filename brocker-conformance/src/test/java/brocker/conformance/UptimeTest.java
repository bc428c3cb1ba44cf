package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.conformance.load.Crowd;
import brocker.conformance.load.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The example application is deployed, rolled back, scaled and repaired under clients that never try again; none of their requests
 * fails. Prints its table, which {@code docs/reliability.md} shows. Takes minutes, so it is {@code make uptime} that runs it.
 */
@Tag("uptime")
class UptimeTest {
    private static final int DEPLOYS = Integer.getInteger("brocker.uptime.deploys", 10);
    private static final int ROLLBACKS = 3;
    private static final int REQUESTS = Integer.getInteger("brocker.uptime.requests", 25_000);
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** Whoever asks more often takes the processors from those that are measured. */
    private static final Duration SELDOM = Duration.ofMillis(250);

    private static final String SERVICE = "uptime";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private int revision;

    @BeforeAll
    static void prepare() {
        HelloApplication.prepare();
    }

    @ParameterizedTest(name = "{0} replicas")
    @ValueSource(ints = {3, 1})
    void noRequestFails(int replicas) {
        BROCKERD.addService(spec(replicas));
        awaitReplicas(replicas);
        Ledger ledger = new Ledger("warm-up");
        try (Crowd crowd = new Crowd(port, ledger, UptimeClients.all())) {
            Await.pause(QUIET);
            during(ledger, "quiet", () -> Await.pause(QUIET));
            during(ledger, DEPLOYS + " deploys", () -> times(DEPLOYS, () -> deploy(replicas)));
            during(ledger, ROLLBACKS + " rollbacks", () -> times(ROLLBACKS, () -> rollBack(replicas)));
            during(
                    ledger,
                    "scale to 1, 5, 2 and " + replicas,
                    () -> IntStream.of(1, 5, 2, replicas).forEach(this::scale));
            if (replicas > 1) {
                during(ledger, "a replica killed at rest", () -> killReplica(crowd, replicas));
            }
            during(ledger, "nginx killed at rest", () -> killProxy(crowd));
            during(ledger, "brockerd killed in a deploy", () -> deployWithTwoDaemons(replicas));
            during(
                    ledger,
                    "quiet again",
                    () -> Await.until(REQUESTS + " requests", LONGEST, SELDOM, () -> ledger.requests() >= REQUESTS));
        }
        System.out.println(UptimeTable.of(replicas, ledger));
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
    }

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", SERVICE);
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    private static void during(Ledger ledger, String what, Runnable action) {
        ledger.phase(what);
        action.run();
    }

    private static void times(int number, Runnable action) {
        IntStream.range(0, number).forEach(_ -> action.run());
    }

    private void deploy(int replicas) {
        revision++;
        post("deploy", spec(replicas));
        awaitDeployed(replicas);
    }

    private void rollBack(int replicas) {
        post("rollback", "{}");
        awaitDeployed(replicas);
    }

    private void scale(int replicas) {
        post("scale", "{\"replicas\": %d}".formatted(replicas));
        awaitReplicas(replicas);
    }

    private void killReplica(Crowd crowd, int replicas) {
        String victim = living("replica").getFirst().path("name").asString();
        crowd.whileAllRest(() -> BROCKERD.killCommand(victim));
        Await.until(
                "another is there",
                LONGEST,
                () -> living("replica").stream()
                        .noneMatch(view -> view.path("name").asString().equals(victim)));
        awaitReplicas(replicas);
    }

    private static void killProxy(Crowd crowd) {
        JsonNode victim = living("proxy").getFirst();
        long init = victim.path("pid").asLong();
        crowd.whileAllRest(() -> {
            Outcome.of("kill", "-KILL", String.valueOf(init));
            Await.until("it is gone", LONGEST, () -> ProcessHandle.of(init).isEmpty());
        });
        Await.until(
                "another is there",
                LONGEST,
                () -> living("proxy").stream()
                        .anyMatch(view -> view.path("pid").asLong() != init
                                && view.path("ready").asBoolean()));
    }

    private void deployWithTwoDaemons(int replicas) {
        revision++;
        long before = living("replica").size();
        post("deploy", spec(replicas));
        Await.until(
                "the first new one is there", LONGEST, () -> living("replica").size() > before);
        BROCKERD.kill();
        Await.pause(Duration.ofSeconds(1));
        BROCKERD.start();
        awaitDeployed(replicas);
    }

    private String spec(int replicas) {
        return """
                {"name": "%s", "publish": "127.0.0.1:%d", "replicas": %d, \
                "health": {"path": "/actuator/health/readiness", "timeout": "5s", "healthy": 5, "unhealthy": 5, "start-timeout": "2m"}, \
                "container": {%s}}""".formatted(SERVICE, port, replicas, HelloApplication.template(revision));
    }

    private static void post(String verb, String body) {
        BROCKERD.rest().post("/api/v1/services/" + SERVICE + "/" + verb, body).succeeded();
    }

    private static void awaitDeployed(int replicas) {
        Await.until("no deployment is under way", LONGEST, SELDOM, () -> !BROCKERD.isDeploying(SERVICE));
        assertThat(BROCKERD.service(SERVICE)
                        .path("revisions")
                        .valueStream()
                        .filter(known -> known.path("state").asString().equals("failed")))
                .isEmpty();
        awaitReplicas(replicas);
    }

    /** So many that are ready, and no others that live. */
    private static void awaitReplicas(int number) {
        Await.until(number + " replicas are ready", LONGEST, SELDOM, () -> {
            List<JsonNode> living = living("replica");
            return living.size() == number
                    && living.stream().allMatch(view -> view.path("ready").asBoolean());
        });
    }

    private static List<JsonNode> living(String role) {
        return BROCKERD.containers(SERVICE).stream()
                .filter(view -> view.path("role").asString().equals(role))
                .filter(view -> !view.path("state").asString().equals("exited"))
                .toList();
    }
}
