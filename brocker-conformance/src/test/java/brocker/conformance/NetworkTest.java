package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a container reaches, and who hears it: of a service with neither egress nor host-access, and of one with both. */
class NetworkTest {
    private static final String BRIDGES = "bridge brocker";
    private static final String PACKETS = "inet brocker";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String kept = "";
    private static String free = "";

    private final List<Runnable> undo = new ArrayList<>();

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"kept\", \"bridge-ip\": \"10.77.20.1\", \"port\": 9000}");
        BROCKERD.addService("""
                {"name": "free", "bridge-ip": "10.77.21.1", "port": 9000, "egress": true, "host-access": true}""");
        kept = BROCKERD.runTool("kept", "serve 9000");
        free = BROCKERD.runTool("free", "serve 9000");
        BROCKERD.awaitReady("kept", 1);
        BROCKERD.awaitReady("free", 1);
    }

    @AfterEach
    void takeBack() {
        undo.reversed().forEach(Runnable::run);
    }

    @Test
    void anotherServiceIsReachedThroughItsNginxAlone() throws IOException {
        assertThat(reaches(kept, "10.77.21.2", 80)).isTrue();
        assertThat(reaches(free, "10.77.20.2", 80)).isTrue();
        String container = address(free);
        assertThat(Http.get(container, 9000, "/").host()).isEqualTo(free.substring(0, 12));
        assertThat(reaches(kept, container, 9000)).isFalse();
        assertThat(reaches(free, address(kept), 9000)).isFalse();
        assertThat(PacketFilter.without(PACKETS, () -> reaches(kept, container, 9000)))
                .as("without our rules")
                .isTrue();
        assertThat(reaches(kept, container, 9000)).isFalse();
    }

    @Test
    void theHostIsReachedWithHostAccessAlone() throws IOException {
        try (ServerSocket server = new ServerSocket(0)) {
            int port = server.getLocalPort();
            assertThat(reaches(free, "10.77.21.1", port)).isTrue();
            assertThat(reaches(free, "10.77.20.1", port))
                    .as("at another bridge's address")
                    .isFalse();
            assertThat(reaches(kept, "10.77.20.1", port)).isFalse();
            assertThat(reaches(kept, "10.77.21.1", port)).isFalse();
            assertThat(PacketFilter.without(PACKETS, () -> reaches(kept, "10.77.20.1", port)))
                    .as("without our rules")
                    .isTrue();
        }
    }

    @Test
    void theDaemonsPortIsNeverReached() throws IOException {
        // The daemon listens on loopback; what listens on its port at the bridge's address is kept away as well.
        try (ServerSocket _ = new ServerSocket(BROCKERD.port(), 1, InetAddress.ofLiteral("10.77.21.1"))) {
            assertThat(reaches(free, "10.77.21.1", BROCKERD.port())).isFalse();
            assertThat(reaches(free, "127.0.0.1", BROCKERD.port())).isFalse();
            assertThat(PacketFilter.without(PACKETS, () -> reaches(free, "10.77.21.1", BROCKERD.port())))
                    .as("without our rules")
                    .isTrue();
        }
    }

    @Test
    void whatIsBeyondTheHostIsReachedWithEgressAlone() throws IOException {
        Neighbour machine = Neighbour.open("serve", "443");
        undo.add(machine::close);
        machine.awaitService(443);
        assertThat(reaches(free, "192.0.2.2", 443))
                .as("with the host's address, as there is no way back to another")
                .isTrue();
        machine.run("ip", "route", "add", "10.77.0.0/16", "via", "192.0.2.1");
        assertThat(reaches(kept, "192.0.2.2", 443)).isFalse();
        assertThat(PacketFilter.without(PACKETS, () -> reaches(kept, "192.0.2.2", 443)))
                .as("without our rules")
                .isTrue();
    }

    @Test
    void nobodySpeaksWithAnothersAddress() {
        String other = BROCKERD.runTool("kept", "serve 9000");
        String stolen = "10.77.20.99";
        long thief = BROCKERD.commandPid(other);
        String victim = address(kept);
        inNetworkOf(thief, "ip", "address", "add", stolen + "/24", "dev", "veth1");
        BooleanSupplier steal = () -> inNetworkOf(thief, Tool.path().toString(), "reach", victim, "9000", stolen)
                .equals("reached\n");
        assertThat(reaches(other, victim, 9000)).as("with its own").isTrue();
        assertThat(steal.getAsBoolean()).isFalse();
        assertThat(PacketFilter.without(BRIDGES, steal)).as("without our rules").isTrue();
        assertThat(steal.getAsBoolean()).isFalse();
        BROCKERD.client("container", "stop", "--timeout", "0s", other).succeeded();
    }

    @Test
    void rulesStayWhileNoDaemonRunsAndAreTheSameAfterwards() {
        String before = PacketFilter.rules();
        assertThat(before).contains("table " + BRIDGES, "table " + PACKETS);
        String container = address(free);
        long pid = BROCKERD.commandPid(kept);
        assertThat(BROCKERD.stop()).isZero();
        assertThat(PacketFilter.rules()).isEqualTo(before);
        assertThat(inNetworkOf(pid, Tool.path().toString(), "reach", container, "9000"))
                .isNotEqualTo("reached\n");
        BROCKERD.start();
        assertThat(PacketFilter.rules()).isEqualTo(before);
        assertThat(reaches(kept, container, 9000)).isFalse();
        assertThat(reaches(kept, "10.77.21.2", 80)).isTrue();
    }

    @Test
    void rulesThatSomebodyFlushedAreBackWithTheDaemon() {
        String before = PacketFilter.rules();
        PacketFilter.run("delete table " + BRIDGES + "; delete table " + PACKETS);
        BROCKERD.stop();
        BROCKERD.start();
        assertThat(PacketFilter.rules()).isEqualTo(before);
    }

    @Test
    void insideIsNoIpv6BeyondLoopback() {
        assertThat(exec(free, "/sbin/ip", "-6", "-o", "address").lines())
                .singleElement()
                .asString()
                .contains("lo", "::1/128");
        assertThat(Outcome.of("ip", "-6", "-o", "address").lines())
                .noneMatch(line -> line.matches(".*(brocker|veth).*"));
    }

    @Test
    void everyPortIsAnybodysInside() {
        assertThat(exec(kept, "/usr/bin/cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"))
                .isEqualTo("0\n");
    }

    private static boolean reaches(String container, String address, int port) {
        String said = exec(container, "/mnt/tool", "reach", address, String.valueOf(port));
        return said.equals("reached\n");
    }

    private static String address(String container) {
        return BROCKERD.inspect(container).path("address").asString();
    }

    private static String exec(String container, String... command) {
        String[] arguments = Stream.concat(Stream.of("container", "exec", container), Stream.of(command))
                .toArray(String[]::new);
        return BROCKERD.client(arguments).succeeded().stdout();
    }

    /** Runs a program of the host with all its privileges in the network of a process. */
    private static String inNetworkOf(long pid, String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target", String.valueOf(pid), "--net"));
        line.addAll(List.of(command));
        return Outcome.run(line, Map.of(), new byte[0]).succeeded().stdout();
    }
}
