package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon is killed while a service with a host, and with it the ingress, comes or goes. */
class IngressCrashTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @AfterEach
    void cleanUp() {
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start();
        }
        if (names().contains("shop")) {
            BROCKERD.client("service", "remove", "shop");
        }
    }

    /** The first of most steps is the ingress's when both come, and the service's when both go. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SERVICE_NOTED:1",
                "PROXY_ANSWERS:1",
                "INGRESS_MADE:1",
                "SERVICE_NOTED:2",
                "PROXY_ANSWERS:2",
                "CONFIGURATION_REPLACED:1",
                "PROXY_RELOADED:1",
                "REMOVAL_NOTED:1",
                "BRIDGE_DELETED:1",
                "SERVICE_FORGOTTEN:1",
                "REMOVAL_NOTED:2",
                "BRIDGE_DELETED:2",
                "SERVICE_FORGOTTEN:2"
            })
    void theNextDaemonFinishesWhatWasBegun(String step) throws Exception {
        BROCKERD.stop();
        BROCKERD.start("-Dbrocker.die-at=" + step);
        String spec = """
                {"name": "shop", "publish": "127.0.0.1:%d", "hosts": ["shop.example"], "port": 9000, "container": {%s}}""".formatted(port, Tool.template("serve 9000"));
        boolean acknowledged = BROCKERD.client(
                                "service",
                                "add",
                                BROCKERD.file("crash.json", spec).toString())
                        .code()
                == 0;
        boolean removalAsked = false;
        if (acknowledged && !BROCKERD.endsWithin(Duration.ofMillis(500))) {
            removalAsked = true;
            BROCKERD.client("service", "remove", "shop");
        }
        assertThat(BROCKERD.endsWithin(Duration.ofSeconds(5)))
                .as("the step was reached")
                .isTrue();
        BROCKERD.start();
        SortedSet<String> services = names();
        if (services.contains("shop")) {
            assertThat(services).containsExactly("ingress-127-0-0-1-" + port, "shop");
            BROCKERD.awaitReady("shop", 1);
            // The ingress is reloaded while the daemon serves already.
            Await.until("the ingress knows the service", Duration.ofSeconds(10), () -> status() == 200);
            BROCKERD.client("service", "remove", "shop").succeeded();
        } else {
            assertThat(acknowledged && !removalAsked).as("it was acknowledged").isFalse();
        }
        assertThat(names()).isEmpty();
        BROCKERD.leftovers().assertNothingOfContainers();
        assertThat(Host.entries(BROCKERD.work().resolve("run/ingress/s"))).isEmpty();
    }

    private int status() {
        try {
            return Http.send("127.0.0.1", port, "shop.example", "GET", "/", List.of(), new byte[0])
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        BROCKERD.rest()
                .get("/api/v1/services")
                .json()
                .forEach(view -> names.add(view.path("name").asString()));
        return names;
    }
}
