package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.conformance.load.Crowd;
import brocker.conformance.load.Ledger;
import brocker.conformance.load.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that keep their connections, some at work and some at rest, while nginx is told again and again of other members. */
class KeepAliveTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private final Ledger ledger = new Ledger("change");

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "cart");
        BROCKERD.client("service", "remove", "shop");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void noReloadClosesAConnectionThatARequestIsOnItsWayTo() {
        BROCKERD.addService(spec("serve 9000", 1));
        BROCKERD.awaitReady("shop", 1);
        try (Crowd crowd = new Crowd(port, ledger, visitors())) {
            for (int round = 0; round < 3; round++) {
                BROCKERD.client("service", "scale", "shop", "3").succeeded();
                BROCKERD.client("service", "scale", "shop", "1").succeeded();
            }
            BROCKERD.client("service", "scale", "shop", "3").succeeded();
            crowd.whileAllRest(() -> BROCKERD.killCommand(replicas().getFirst()));
            Await.pause(Duration.ofSeconds(4));
            BROCKERD.awaitReady("shop", 3);
        }
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
        assertThat(ledger.closedWhileResting()).isZero();
        assertThat(ledger.requests()).isGreaterThan(1000);
    }

    @Test
    void noReloadOfAnIngressDoesEither() {
        BROCKERD.addService("""
                {"name": "shop", "publish": "127.0.0.1:%d", "hosts": "uptime", "port": 9000, "replicas": 1,
                 "container": {%s}}""".formatted(port, Tool.template("serve 9000")));
        BROCKERD.awaitReady("shop", 1);
        try (Crowd _ = new Crowd(port, ledger, visitors())) {
            for (int round = 0; round < 3; round++) {
                BROCKERD.addService("""
                        {"name": "cart", "publish": "127.0.0.1:%d", "hosts": "cart.example", "port": 9000, "replicas": 1,
                         "container": {%s}}""".formatted(port, Tool.template("serve 9000")));
                BROCKERD.client("service", "remove", "cart").succeeded();
            }
            Await.pause(Duration.ofSeconds(4));
        }
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
        assertThat(ledger.closedWhileResting()).isZero();
        assertThat(ledger.requests()).isGreaterThan(1000);
    }

    /** When a deployment ends the proxy is told once more what it does already, and that needs no notice; what follows does. */
    @Test
    void aChangeStraightAfterADeploymentIsAnnouncedToo() {
        BROCKERD.addService(spec("serve 9000", 2));
        BROCKERD.awaitReady("shop", 2);
        try (Crowd _ = new Crowd(port, ledger, visitors())) {
            for (int round = 1; round <= 4; round++) {
                BROCKERD.rest()
                        .post("/api/v1/services/shop/deploy", spec("serve 9000 " + round, 2))
                        .succeeded();
                while (BROCKERD.isDeploying("shop")) {
                    Thread.onSpinWait();
                }
                BROCKERD.rest()
                        .post("/api/v1/services/shop/scale", "{\"replicas\": 1}")
                        .succeeded();
                BROCKERD.awaitReady("shop", 1);
            }
        }
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
        assertThat(ledger.closedWhileResting()).isZero();
    }

    private String spec(String command, int replicas) {
        return """
                {"name": "shop", "publish": "127.0.0.1:%d", "port": 9000, "replicas": %d, "container": {%s}}""".formatted(port, replicas, Tool.template(command));
    }

    private static List<String> replicas() {
        return BROCKERD.replicas("shop").stream()
                .filter(view -> view.path("ready").asBoolean())
                .map(view -> view.path("name").asString())
                .toList();
    }

    private static List<Requests> visitors() {
        List<Requests> visitors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            visitors.add(kept("GET", "/", Duration.ZERO));
            visitors.add(kept("POST", "/slow", Duration.ofMillis(10L * i)));
            visitors.add(kept("GET", "/", Duration.ofMillis(1000 + 200L * i)));
        }
        return visitors;
    }

    private static Requests kept(String method, String path, Duration rest) {
        String body = method.equals("POST") ? "x".repeat(1000) : "";
        String expected = " " + body.length() + "\n";
        return new Requests(method + " every " + rest, method, path, body, expected, true, true, rest);
    }
}
