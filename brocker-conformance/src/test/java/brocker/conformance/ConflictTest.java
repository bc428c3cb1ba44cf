package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that what is there already does not allow. */
class ConflictTest {
    private static final int PORT = Brockerd.freePort();

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("""
                {"name": "first", "bridge-ip": "10.77.6.1", "publish": "127.0.0.1:%d"}""".formatted(PORT));
    }

    @AfterEach
    void nothingIsLeft() {
        Unchanged.assertOnly(BROCKERD, "first");
    }

    @Test
    void aServiceThatIsNotThereIsNamedWithTheNearest() {
        container("{\"service-name\": \"firs\", \"command\": \"/bin/true\"}")
                .failed(1)
                .saying("there is no service \"firs\"")
                .hinting("\"first\"");
        for (String verb : List.of("remove", "inspect", "status", "logs", "rollback")) {
            BROCKERD.client("service", verb, "none")
                    .failed(1)
                    .saying("there is no service \"none\"")
                    .hinting("brocker-client service list");
        }
        BROCKERD.client("service", "scale", "firs", "2").failed(1).hinting("\"first\"");
        container("{\"service-name\": \"none\", \"command\": \"/bin/true\"}")
                .failed(1)
                .hinting("brocker-client service add");
    }

    @Test
    void aServiceThatExistsIsNotMadeAgain() {
        service("{\"name\": \"first\"}")
                .failed(1)
                .saying("the service \"first\" exists already")
                .hinting("service remove first");
    }

    @Test
    void aBridgeAddressOfAnotherServiceIsRefused() {
        service("{\"name\": \"second\", \"bridge-ip\": \"10.77.6.1\"}")
                .failed(1)
                .saying("\"10.77.6.1/24\" is taken by the service \"first\"")
                .hinting("bridge-ip");
    }

    @Test
    void aBridgeNetworkThatOverlapsWithAnotherServicesIsRefused() {
        service("{\"name\": \"second\", \"bridge-ip\": \"10.77.4.1/22\"}")
                .failed(1)
                .saying("\"10.77.4.1/22\" overlaps with \"10.77.6.1/24\" of the service \"first\"");
        service("{\"name\": \"second\", \"bridge-ip\": \"10.77.6.129/25\"}")
                .failed(1)
                .saying("overlaps with \"10.77.6.1/24\" of the service \"first\"");
    }

    @Test
    void aBridgeAddressOfTheHostIsRefused() {
        Outcome.of("ip", "address", "add", "10.99.0.5/16", "dev", "lo");
        try {
            service("{\"name\": \"second\", \"bridge-ip\": \"10.99.3.1\"}")
                    .failed(1)
                    .saying("\"10.99.3.1/24\" overlaps with \"10.99.0.5/16\" of the host");
            service("{\"name\": \"second\", \"bridge-ip\": \"10.99.0.5\"}")
                    .failed(1)
                    .saying("\"10.99.0.5/24\" is taken by the host");
        } finally {
            Outcome.of("ip", "address", "delete", "10.99.0.5/16", "dev", "lo");
        }
    }

    @Test
    void aPortOfAnotherProcessIsRefused() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            service("{\"name\": \"second\", \"publish\": \"127.0.0.1:%d\"}".formatted(other.getLocalPort()))
                    .failed(1)
                    .saying("cannot publish on \"127.0.0.1:" + other.getLocalPort() + "\"", "the port is in use")
                    .hinting("ss -ltnp");
        }
    }

    @Test
    void aPortOfAnotherServiceIsRefused() {
        service("{\"name\": \"second\", \"publish\": \"0.0.0.0:%d\"}".formatted(PORT))
                .failed(1)
                .saying("cannot publish on \"0.0.0.0:" + PORT + "\"", "the service \"first\"");
    }

    @Test
    void anAddressThatTheHostDoesNotHaveIsRefused() {
        service("{\"name\": \"second\", \"publish\": \"10.123.0.9:8080\"}")
                .failed(1)
                .saying("cannot publish on \"10.123.0.9:8080\"", "no such address");
    }

    @Test
    void anExhaustedPoolIsRefused() {
        service("{\"name\": \"small\", \"bridge-ip\": \"10.77.7.1/29\"}").succeeded();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            names.add(BROCKERD.runTool("small", "sleep"));
        }
        container("{\"service-name\": \"small\", \"command\": \"/bin/true\"}")
                .failed(1)
                .saying("the service \"small\" has no address left in \"10.77.7.1/29\"")
                .hinting("stop a container");
        BROCKERD.client("container", "stop", names.get(2)).succeeded();
        String address = BROCKERD.view(names.get(2)).path("address").asString();
        assertThat(BROCKERD.view(BROCKERD.runTool("small", "sleep"))
                        .path("address")
                        .asString())
                .isEqualTo(address);
        BROCKERD.client("service", "remove", "small").succeeded();
    }

    @Test
    void anUnknownNameAndAnAmbiguousOneAreRefused() {
        BROCKERD.client("container", "inspect", "0123456789ab")
                .failed(1)
                .saying("there is no container \"0123456789ab\"")
                .hinting("container list -a");
        BROCKERD.client("container", "exec", "zz", "/bin/true").failed(1).saying("there is no container \"zz\"");

        service("{\"name\": \"two\"}").succeeded();
        List<String> names =
                new ArrayList<>(List.of(BROCKERD.service("first").path("proxy").asString()));
        String shared = "";
        while (shared.isEmpty()) {
            assertThat(names).as("names that all begin differently").hasSizeLessThanOrEqualTo(17);
            String next = BROCKERD.runTool("two", "sleep");
            boolean collides = names.stream().anyMatch(name -> name.charAt(0) == next.charAt(0));
            shared = collides ? next.substring(0, 1) : "";
            names.add(next);
        }
        String first = shared;
        String[] both = names.stream()
                .filter(name -> name.startsWith(first))
                .map(name -> "\"" + name.substring(0, 12) + "\"")
                .toArray(String[]::new);
        BROCKERD.client("container", "stop", first)
                .failed(1)
                .saying("\"" + first + "\" is ambiguous")
                .saying(both)
                .hinting("more digits");
        BROCKERD.client("service", "remove", "two").succeeded();
    }

    private static Outcome service(String json) {
        return BROCKERD.client(
                "service", "add", BROCKERD.file("service.json", json).toString());
    }

    private static Outcome container(String json) {
        return BROCKERD.client(
                "container", "run", BROCKERD.file("container.json", json).toString());
    }
}
