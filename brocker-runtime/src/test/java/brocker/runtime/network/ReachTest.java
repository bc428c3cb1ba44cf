package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import java.net.InetSocketAddress;
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
