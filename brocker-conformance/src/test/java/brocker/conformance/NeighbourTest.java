package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What another machine reaches that knows the bridges' addresses and sends what is for them to the host, and what a container's flood does. */
class NeighbourTest {
    private static final String PACKETS = "inet brocker";
    private static final String BRIDGE = "10.79.20.1";
    private static final int NAMES = 13_053;
    private static final int PUBLISHED = Brockerd.freePort();

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static @Nullable Neighbour plugged;
    private static String modest = "";
    private static String greedy = "";

    @BeforeAll
    static void run() throws IOException {
        BROCKERD.addService("""
                {"name": "shop", "bridge-ip": "%s", "port": 9000, "publish": "0.0.0.0:%d", "egress": true,
                 "host-access": true}""".formatted(BRIDGE, PUBLISHED));
        modest = BROCKERD.runTool("shop", "serve 9000");
        greedy = BROCKERD.runTool("shop", "serve 9000");
        BROCKERD.awaitReady("shop", 2);
        plugged = Neighbour.open("sleep");
        neighbour().run("ip", "route", "add", "10.79.0.0/16", "via", Neighbour.HOST);
    }

    @AfterAll
    static void unplug() {
        if (plugged != null) {
            plugged.close();
        }
    }

    private static Neighbour neighbour() {
        return Objects.requireNonNull(plugged, "the other machine was not plugged in");
    }

    @Test
    void publishedPortIsReachedAndNothingElse() throws IOException {
        assertThat(neighbour().reaches(Neighbour.HOST, PUBLISHED)).isTrue();
        assertThat(neighbour().reaches(BRIDGE, PUBLISHED))
                .as("the published port at the bridge's address")
                .isFalse();
        assertThat(neighbour().reaches("10.79.20.2", 80)).as("nginx").isFalse();
        String container = BROCKERD.inspect(modest).path("address").asString();
        assertThat(neighbour().reaches(container, 9000)).isFalse();
        try (ServerSocket server = new ServerSocket(0)) {
            assertThat(neighbour().reaches(Neighbour.HOST, server.getLocalPort()))
                    .isTrue();
            assertThat(neighbour().reaches(BRIDGE, server.getLocalPort()))
                    .as("a program of the host")
                    .isFalse();
            assertThat(exec(modest, "reach", BRIDGE, String.valueOf(server.getLocalPort())))
                    .as("with host-access")
                    .isEqualTo("reached");
        }
        assertThat(PacketFilter.without(
                        PACKETS,
                        () -> neighbour().reaches(BRIDGE, PUBLISHED)
                                && neighbour().reaches("10.79.20.2", 80)
                                && neighbour().reaches(container, 9000)))
                .as("without our rules")
                .isTrue();
    }

    @Test
    void theNameServersSocketsBelongToTheBridge() {
        assertThat(neighbour().reaches(BRIDGE, NAMES)).isFalse();
        assertThat(exec(modest, "reach", BRIDGE, String.valueOf(NAMES))).isEqualTo("reached");
        assertThat(PacketFilter.without(PACKETS, () -> neighbour().reaches(BRIDGE, NAMES)))
                .as("without our rules the sockets themselves refuse")
                .isFalse();
    }

    @Test
    void nobodyElsewhereIsToldWhoHasABridgesAddress() {
        neighbour().run("ip", "route", "add", BRIDGE + "/32", "dev", "up1", "src", Neighbour.ADDRESS);
        try {
            assertThat(isTold()).isFalse();
            assertThat(PacketFilter.without("arp brocker", NeighbourTest::isTold))
                    .as("without our rules")
                    .isTrue();
        } finally {
            neighbour().run("ip", "route", "delete", BRIDGE + "/32");
        }
    }

    private static boolean isTold() {
        neighbour().run("ip", "neighbour", "flush", "dev", "up1");
        neighbour().reaches(BRIDGE, 9);
        return neighbour().run("ip", "neighbour", "show", BRIDGE).contains("lladdr");
    }

    @Test
    void namesAreAnsweredWhileAnotherMachineFloods() throws Exception {
        Process flood = neighbour().start(Tool.path().toString(), "flood", BRIDGE, String.valueOf(NAMES), "4");
        assertThat(answeredMeanwhile()).isEqualTo(20);
        assertThat(flood.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void namesAreAnsweredWhileAnotherContainerFloods() throws Exception {
        for (int port : new int[] {53, NAMES}) {
            Thread flood = Thread.ofPlatform().start(() -> exec(greedy, "flood", BRIDGE, String.valueOf(port), "4"));
            assertThat(answeredMeanwhile()).as("port %d", port).isEqualTo(20);
            flood.join(Duration.ofSeconds(20));
            assertThat(flood.isAlive()).isFalse();
        }
    }

    /** How many of twenty questions are answered, asked when the flood has begun. */
    private static int answeredMeanwhile() throws InterruptedException {
        Thread.sleep(1000);
        return Integer.parseInt(exec(modest, "ask", BRIDGE, "53", "shop", "20"));
    }

    private static String exec(String container, String... arguments) {
        String[] line = new String[arguments.length + 4];
        line[0] = "container";
        line[1] = "exec";
        line[2] = container;
        line[3] = "/mnt/tool";
        System.arraycopy(arguments, 0, line, 4, arguments.length);
        return BROCKERD.client(line).succeeded().stdout().strip();
    }
}
