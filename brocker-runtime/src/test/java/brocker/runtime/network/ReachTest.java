package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What a container reaches beyond its bridge, and who reaches it. */
@RequiresSandbox
final class ReachTest {
    @Test
    void ofAnotherBridgeOnlyTheProxyIsReached() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, false, false);
            Station here = lan.station(1, 3);
            Station proxy = lan.station(2, 2);
            Station there = lan.station(2, 3);
            try (ServerSocketChannel _ = proxy.listen("10.1.2.2", 80);
                    ServerSocketChannel _ = proxy.listen("10.1.2.2", 8080);
                    ServerSocketChannel _ = there.listen("10.1.2.3", 80);
                    ServerSocketChannel _ = there.listen("10.1.2.3", 8080)) {
                assertThat(here.reaches("10.1.1.3", "10.1.2.2", 80)).isTrue();
                assertThat(here.isKeptFrom("10.1.1.3", "10.1.2.2", 8080)).isTrue();
                assertThat(here.isKeptFrom("10.1.1.3", "10.1.2.3", 80)).isTrue();
                assertThat(here.isKeptFrom("10.1.1.3", "10.1.2.3", 8080)).isTrue();
                lan.without("inet brocker");
                assertThat(here.reaches("10.1.1.3", "10.1.2.2", 8080)).isTrue();
                assertThat(here.reaches("10.1.1.3", "10.1.2.3", 80)).isTrue();
                assertThat(here.reaches("10.1.1.3", "10.1.2.3", 8080)).isTrue();
            }
        }
    }

    @Test
    void theHostIsReachedWhereTheBridgeAllowsIt() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, false, true);
            Station kept = lan.station(1, 3);
            Station allowed = lan.station(2, 3);
            try (ServerSocketChannel _ = lan.host().listen("0.0.0.0", 5432)) {
                assertThat(allowed.reaches("10.1.2.3", "10.1.2.1", 5432)).isTrue();
                assertThat(allowed.isKeptFrom("10.1.2.3", "10.1.1.1", 5432))
                        .as("at the address of another bridge")
                        .isTrue();
                assertThat(kept.isKeptFrom("10.1.1.3", "10.1.1.1", 5432)).isTrue();
                assertThat(kept.isKeptFrom("10.1.1.3", "10.1.2.1", 5432)).isTrue();
                assertThat(kept.<Boolean>call(() -> Station.ip("10.1.1.1").isReachable(2000)))
                        .as("ICMP echo")
                        .isTrue();
                lan.without("inet brocker");
                assertThat(kept.reaches("10.1.1.3", "10.1.1.1", 5432)).isTrue();
                assertThat(kept.reaches("10.1.1.3", "10.1.2.1", 5432)).isTrue();
                assertThat(allowed.reaches("10.1.2.3", "10.1.1.1", 5432)).isTrue();
            }
        }
    }

    @Test
    void aRefusedPortIsNeverReached() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station station = lan.station(1, 3);
            try (ServerSocketChannel _ = lan.host().listen("0.0.0.0", Lan.REFUSED_PORT)) {
                assertThat(station.isKeptFrom("10.1.1.3", "10.1.1.1", Lan.REFUSED_PORT))
                        .isTrue();
                lan.without("inet brocker");
                assertThat(station.reaches("10.1.1.3", "10.1.1.1", Lan.REFUSED_PORT))
                        .isTrue();
            }
        }
    }

    @Test
    void theHostReachesContainers() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station station = lan.station(1, 3);
            try (ServerSocketChannel _ = station.listen("10.1.1.3", 8080)) {
                assertThat(lan.host().reaches("10.1.1.1", "10.1.1.3", 8080)).isTrue();
            }
        }
    }

    @Test
    void whatIsBeyondTheHostIsReachedWithEgressAndWithTheHostsAddress() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, true, false);
            Station machine = lan.uplink();
            Station kept = lan.station(1, 3);
            Station allowed = lan.station(2, 3);
            machine.run("ip", "route", "add", "10.1.0.0/16", "via", "192.0.2.1");
            try (ServerSocketChannel server = machine.listen("192.0.2.2", 443)) {
                try (SocketChannel _ = allowed.connect("10.1.2.3", "192.0.2.2", 443);
                        SocketChannel accepted = server.accept()) {
                    assertThat(((InetSocketAddress) accepted.getRemoteAddress()).getAddress())
                            .isEqualTo(Station.ip("192.0.2.1"));
                }
                assertThat(kept.isKeptFrom("10.1.1.3", "192.0.2.2", 443)).isTrue();
                lan.without("inet brocker");
                assertThat(kept.reaches("10.1.1.3", "192.0.2.2", 443))
                        .as("without the rule")
                        .isTrue();
            }
        }
    }

    @Test
    void noOtherMachineReachesAContainer() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station machine = lan.uplink();
            machine.run("ip", "route", "add", "10.1.0.0/16", "via", "192.0.2.1");
            Station proxy = lan.station(1, 2);
            try (ServerSocketChannel _ = proxy.listen("10.1.1.2", 80)) {
                assertThat(machine.isKeptFrom("192.0.2.2", "10.1.1.2", 80)).isTrue();
                lan.without("inet brocker");
                assertThat(machine.reaches("192.0.2.2", "10.1.1.2", 80)).isTrue();
            }
        }
    }

    @Test
    void noOtherMachineReachesABridgesAddress() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station machine = lan.uplink();
            Station container = lan.station(1, 3);
            machine.run("ip", "route", "add", "10.1.0.0/16", "via", "192.0.2.1");
            try (ServerSocketChannel _ = lan.host().listen("0.0.0.0", 8080);
                    DatagramChannel names = lan.host().datagrams("10.1.1.1", HostNetwork.NAMES_PORT)) {
                assertThat(machine.reaches("192.0.2.2", "192.0.2.1", 8080))
                        .as("at the host's address")
                        .isTrue();
                assertThat(lan.host().reaches("10.1.1.1", "10.1.1.1", 8080))
                        .as("from the host itself")
                        .isTrue();
                assertThat(container.reaches("10.1.1.3", "10.1.1.1", 8080))
                        .as("from the bridge")
                        .isTrue();
                assertThat(machine.isKeptFrom("192.0.2.2", "10.1.1.1", 8080)).isTrue();
                assertThat(hears(names, machine, "192.0.2.2", "10.1.1.1")).isFalse();
                lan.without("inet brocker");
                assertThat(machine.reaches("192.0.2.2", "10.1.1.1", 8080)).isTrue();
                assertThat(hears(names, machine, "192.0.2.2", "10.1.1.1")).isTrue();
            }
        }
    }

    @Test
    void noOtherMachineSpeaksWithAContainersAddress() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station machine = lan.uplink();
            // Without a container the bridge has no carrier, and the kernel no route that it would accept the address
            // by.
            lan.station(1, 4);
            machine.run("ip", "address", "add", "10.1.1.3/32", "dev", "eth0");
            try (DatagramChannel host = lan.host().datagrams("192.0.2.1", HostNetwork.NAMES_PORT)) {
                assertThat(hears(host, machine, "192.0.2.2", "192.0.2.1")).isTrue();
                assertThat(hears(host, machine, "10.1.1.3", "192.0.2.1")).isFalse();
                lan.without("inet brocker");
                assertThat(hears(host, machine, "10.1.1.3", "192.0.2.1")).isTrue();
            }
        }
    }

    @Test
    void noOtherMachineIsToldThatTheHostHasABridgesAddress() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station machine = lan.uplink();
            machine.run("ip", "route", "add", "10.1.1.1/32", "dev", "eth0", "src", "192.0.2.2");
            assertThat(isToldBy(machine, "10.1.1.1", "eth0")).isFalse();
            assertThat(isToldBy(machine, "192.0.2.1", "eth0"))
                    .as("the host's own address")
                    .isTrue();
            lan.without("arp brocker");
            assertThat(isToldBy(machine, "10.1.1.1", "eth0"))
                    .as("without our rules")
                    .isTrue();
        }
    }

    @Test
    void noContainerIsToldOfTheHostsOtherAddresses() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            lan.uplink();
            Station container = lan.station(1, 3);
            container.run("ip", "route", "add", "192.0.2.1/32", "dev", "veth1");
            assertThat(isToldBy(container, "10.1.1.1", "veth1")).isTrue();
            assertThat(isToldBy(container, "192.0.2.1", "veth1")).isFalse();
            // The host asks for the container with the bridge's address too: a container keeps the address that it is
            // asked by.
            container.run("ip", "route", "delete", "192.0.2.1/32");
            container.run("ip", "neighbour", "flush", "dev", "veth1");
            try (ServerSocketChannel _ = container.listen("10.1.1.3", 8080)) {
                assertThat(lan.host().reaches("192.0.2.1", "10.1.1.3", 8080)).isTrue();
                assertThat(neighbour(container, "192.0.2.1", "veth1")).doesNotContain("lladdr");
            }
            lan.host().run("sh", "-c", "echo 0 >/proc/sys/net/ipv4/conf/brocker1/arp_ignore");
            container.run("ip", "route", "add", "192.0.2.1/32", "dev", "veth1");
            assertThat(isToldBy(container, "192.0.2.1", "veth1"))
                    .as("without the setting")
                    .isTrue();
        }
    }

    /** Whether a socket of the host receives a datagram that a station sends to its port. */
    private static boolean hears(DatagramChannel socket, Station station, String from, String to) throws Exception {
        int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        try (DatagramChannel sending = station.datagrams(from, 0)) {
            // ARP has to find the way first, which may take the first datagram a moment.
            sending.send(ByteBuffer.wrap(new byte[8]), new InetSocketAddress(Station.ip(to), port));
            socket.socket().setSoTimeout(500);
            socket.socket().receive(new DatagramPacket(new byte[8], 8));
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    /** Whether somebody answers a station's question for the Ethernet address of an address. */
    private static boolean isToldBy(Station station, String address, String device) throws Exception {
        station.run("ip", "neighbour", "flush", "dev", device);
        try (DatagramChannel asking = station.call(DatagramChannel::open)) {
            asking.send(ByteBuffer.wrap(new byte[8]), new InetSocketAddress(Station.ip(address), 9));
        }
        Thread.sleep(300);
        return neighbour(station, address, device).contains("lladdr");
    }

    private static String neighbour(Station station, String address, String device) {
        return station.run("ip", "neighbour", "show", address, "dev", device);
    }

    @Test
    void ipv6GoesNowhere() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, true, true);
            Station station = lan.station(1, 3);
            lan.host().run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/brocker1/disable_ipv6");
            lan.host().run("ip", "address", "add", "fd00::1/64", "dev", "brocker1", "nodad");
            station.run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/veth1/disable_ipv6");
            station.run("ip", "address", "add", "fd00::3/64", "dev", "veth1", "nodad");
            try (ServerSocketChannel _ = lan.host().listen("fd00::1", 5432)) {
                lan.without("bridge brocker");
                assertThat(station.isKeptFrom("fd00::3", "fd00::1", 5432)).isTrue();
                lan.without("inet brocker");
                assertThat(station.reaches("fd00::3", "fd00::1", 5432)).isTrue();
            }
        }
    }
}
