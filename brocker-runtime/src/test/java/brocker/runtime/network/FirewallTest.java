package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.kernel.KernelException;
import brocker.kernel.Nftables;
import brocker.runtime.RequiresSandbox;
import brocker.spec.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How rules come, stay and go. */
@RequiresSandbox
final class FirewallTest {
    @Test
    void withoutBridgesAndPortsThereAreNoTables() throws Exception {
        try (Lan lan = new Lan()) {
            assertThat(lan.rules()).isEmpty();
            lan.bridge(1, false, false);
            lan.station(1, 3);
            assertThat(lan.rules()).contains("table bridge brocker", "table inet brocker", "veth1x3");
            lan.network().detach("veth1x3");
            assertThat(lan.rules()).doesNotContain("veth1x3").contains("brocker1");
            lan.network().deleteBridge("brocker1");
            assertThat(lan.rules()).isEmpty();
            assertThat(lan.network().has("brocker1")).isFalse();
        }
    }

    @Test
    void aBridgeThatCannotBeMadeLeavesNoRulesAndTheOtherOneOfItsName() throws Exception {
        try (Lan lan = new Lan()) {
            lan.host().run("ip", "link", "add", "brocker1", "type", "bridge");
            assertThatThrownBy(() -> lan.bridge(1, false, false))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("EEXIST");
            assertThat(lan.rules()).isEmpty();
            assertThat(lan.network().has("brocker1")).isTrue();
        }
    }

    @Test
    void whatAnEarlierDaemonLeftIsReplaced() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, false, false);
            lan.station(1, 3);
            lan.network().restore(Lan.REFUSED_PORT, List.of(Lan.plan(2, false, false)), List.of());
            assertThat(lan.rules())
                    .doesNotContain("brocker1")
                    .doesNotContain("veth1x3")
                    .contains("brocker2");
            lan.network().restore(Lan.REFUSED_PORT, List.of(), List.of());
            assertThat(lan.rules()).isEmpty();
        }
    }

    @Test
    void bridgeThatThePacketFilterDoesNotTakeCostsNoOtherItsRules() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, false, false);
            BridgePlan first = Lan.plan(1, false, false);
            BridgePlan bad =
                    new BridgePlan("brocker123456789", first.address(), first.proxy(), first.proxyPort(), false, false);
            BridgePort worse = new BridgePort("veth1234567890123", first.proxy());
            assertThat(lan.network()
                            .restore(Lan.REFUSED_PORT, List.of(first, bad, Lan.plan(2, false, false)), List.of(worse)))
                    .containsOnlyKeys(bad.name(), worse.hostEnd());
            assertThat(lan.rules())
                    .contains("\"brocker1\"", "\"brocker2\"")
                    .doesNotContain(bad.name())
                    .doesNotContain(worse.hostEnd());
        }
    }

    @Test
    void networksThatOverlapInTheRecordsOfADaemonAreNoReasonToRefuseThem() throws Exception {
        try (Lan lan = new Lan()) {
            BridgePlan wide = Lan.plan(1, false, false);
            Cidr within = Cidr.parse("10.1.1.65/26");
            BridgePlan narrow = new BridgePlan("brocker2", within, within.network() + 2, 80, false, false);
            assertThat(lan.network().restore(Lan.REFUSED_PORT, List.of(wide, narrow), List.of()))
                    .isEmpty();
            assertThat(lan.rules()).contains("brocker1", "brocker2", "10.1.1.0/24");
        }
    }

    @Test
    void tablesThatSomebodyFlushedComeBackWithTheNextPort() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.station(1, 3);
            String before = lan.rules();
            lan.without("bridge brocker");
            lan.without("inet brocker");
            lan.station(1, 4);
            lan.network().detach("veth1x4");
            assertThat(lan.rules()).isEqualTo(before);
            lan.without("bridge brocker");
            lan.without("inet brocker");
            lan.network().detach("veth1x3");
            assertThat(lan.rules()).contains("brocker1");
        }
    }

    @Test
    void tablesOfOthersAreLeftAlone() throws Exception {
        try (Lan lan = new Lan()) {
            lan.host().call(() -> {
                try (Nftables others = Nftables.open()) {
                    others.run("add table inet others; add chain inet others c");
                }
                return true;
            });
            String before = lan.rules();
            lan.bridge(1, true, false);
            lan.restore();
            lan.network().deleteBridge("brocker1");
            assertThat(lan.rules()).isEqualTo(before);
        }
    }

    @Test
    void connectionsSurviveThatTheRulesAreReplaced() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, false);
            lan.bridge(2, false, false);
            Station machine = lan.uplink();
            Station here = lan.station(1, 3);
            Station proxy = lan.station(2, 2);
            try (ServerSocketChannel beyond = machine.listen("192.0.2.2", 443);
                    ServerSocketChannel beside = proxy.listen("10.1.2.2", 80);
                    SocketChannel out = here.connect("10.1.1.3", "192.0.2.2", 443);
                    SocketChannel outside = beyond.accept();
                    SocketChannel across = here.connect("10.1.1.3", "10.1.2.2", 80);
                    SocketChannel aside = beside.accept()) {
                for (byte i = 0; i < 20; i++) {
                    lan.restore();
                    assertEcho(out, outside, i);
                    assertEcho(across, aside, i);
                }
            }
        }
    }

    @Test
    void thereIsNoMomentWithoutRules() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, false, false);
            Station thief = lan.station(1, 4);
            Station victim = lan.station(1, 3);
            Station other = lan.station(2, 3);
            thief.run("ip", "address", "add", "10.1.1.9/24", "dev", "veth1");
            thief.run("ip", "neighbour", "replace", "10.1.1.3", "lladdr", "02:42:0a:01:01:03", "dev", "veth1");
            try (DatagramChannel stolen = thief.datagrams("10.1.1.9", 0);
                    DatagramChannel own = thief.datagrams("10.1.1.4", 0);
                    DatagramChannel near = victim.datagrams("10.1.1.3", 9);
                    DatagramChannel far = other.datagrams("10.1.2.3", 9)) {
                near.configureBlocking(false);
                far.configureBlocking(false);
                AtomicBoolean enough = new AtomicBoolean();
                Thread sending = Thread.ofPlatform().start(() -> {
                    while (!enough.get()) {
                        send(stolen, "10.1.1.3");
                        send(own, "10.1.2.3");
                    }
                });
                for (int i = 0; i < 300; i++) {
                    lan.restore();
                }
                assertThat(near.receive(ByteBuffer.allocate(8))).isNull();
                assertThat(far.receive(ByteBuffer.allocate(8))).isNull();
                lan.without("bridge brocker");
                lan.without("inet brocker");
                near.configureBlocking(true);
                far.configureBlocking(true);
                assertThat(near.receive(ByteBuffer.allocate(8)))
                        .as("without rules")
                        .isNotNull();
                assertThat(far.receive(ByteBuffer.allocate(8)))
                        .as("without rules")
                        .isNotNull();
                enough.set(true);
                sending.join();
            }
        }
    }

    private static void send(DatagramChannel from, String to) {
        try {
            from.send(ByteBuffer.wrap(new byte[8]), new InetSocketAddress(Station.ip(to), 9));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertEcho(SocketChannel one, SocketChannel other, byte value) throws Exception {
        one.write(ByteBuffer.wrap(new byte[] {value}));
        assertThat(read(other)).isEqualTo(value);
        other.write(ByteBuffer.wrap(new byte[] {value}));
        assertThat(read(one)).isEqualTo(value);
    }

    private static byte read(SocketChannel channel) throws Exception {
        channel.socket().setSoTimeout(3000);
        return (byte) channel.socket().getInputStream().read();
    }
}
