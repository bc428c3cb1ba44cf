package brocker.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
final class RtnetlinkTest {
    private record Namespace(Fd fd, Rtnetlink netlink) {}

    /** Runs in a fresh network namespace, the host, that has another one, the container. */
    private static <T> T withTwoNamespaces(Function<List<Namespace>, T> body) {
        return InNamespaces.call("host", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            try (Fd host = Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0);
                    Rtnetlink hostNetlink = Rtnetlink.open()) {
                Linux.unshare(Linux.CLONE_NEWNET);
                try (Fd container = Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0);
                        Rtnetlink containerNetlink = Rtnetlink.open()) {
                    return body.apply(
                            List.of(new Namespace(host, hostNetlink), new Namespace(container, containerNetlink)));
                }
            }
        });
    }

    private static Inet4Address ip(String text) throws Exception {
        return Inet4Address.ofLiteral(text);
    }

    private static Link link(Rtnetlink netlink, String name) {
        return netlink.links().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void containerIsConnectedToItsBridge() throws Exception {
        Inet4Address bridge = ip("10.0.1.1");
        Inet4Address address = ip("10.0.1.2");
        withTwoNamespaces(namespaces -> {
            Rtnetlink host = namespaces.getFirst().netlink();
            Rtnetlink container = namespaces.getLast().netlink();
            host.addBridge("brocker0", MacAddress.of(bridge));
            host.addAddress("brocker0", bridge, 24);
            host.setUp("brocker0");
            container.setUp("lo");
            container.addVeth(
                    "veth1",
                    MacAddress.of(address),
                    "veth7",
                    namespaces.getFirst().fd());
            container.addAddress("veth1", address, 24);
            container.setUp("veth1");
            container.addDefaultRoute(bridge);
            host.attach("veth7", "brocker0");

            Link made = link(host, "brocker0");
            assertThat(made).isEqualTo(new Link(made.index(), "brocker0", "bridge", 0, true, MacAddress.of(bridge)));
            Link outer = link(host, "veth7");
            assertThat(outer).isEqualTo(new Link(outer.index(), "veth7", "veth", made.index(), true, outer.address()));
            Link inner = link(container, "veth1");
            assertThat(inner).isEqualTo(new Link(inner.index(), "veth1", "veth", 0, true, MacAddress.of(address)));
            assertThat(container.addresses()).contains(new LinkAddress(inner.index(), address, 24));
            assertThat(host.addresses()).isEqualTo(List.of(new LinkAddress(made.index(), bridge, 24)));
            assertThat(container.routes())
                    .extracting(
                            route -> route.destination().getHostAddress() + "/" + route.prefix() + " " + route.link())
                    .isEqualTo(List.of("0.0.0.0/0 " + inner.index(), "10.0.1.0/24 " + inner.index()));
            return "";
        });
    }

    @Test
    void trafficIsSeenFromTheLinksOwnSide() throws Exception {
        Inet4Address bridge = ip("10.0.1.1");
        Inet4Address address = ip("10.0.1.2");
        withTwoNamespaces(namespaces -> {
            Rtnetlink host = namespaces.getFirst().netlink();
            Rtnetlink container = namespaces.getLast().netlink();
            container.addVeth(
                    "veth1",
                    MacAddress.of(address),
                    "veth7",
                    namespaces.getFirst().fd());
            container.addAddress("veth1", address, 24);
            container.setUp("veth1");
            host.addAddress("veth7", bridge, 24);
            host.setUp("veth7");

            // This thread is in the container's namespace. Whoever sends nothing answers the question for its address.
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < 20; i++) {
                    socket.send(new DatagramPacket(new byte[1000], 1000, bridge, 9));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // The kernel holds the datagrams back until the bridge's address has been resolved.
            long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (traffic(container, "veth1").sent() < 20 * 1042L && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            LinkTraffic inner = traffic(container, "veth1");
            LinkTraffic outer = traffic(host, "veth7");
            assertThat(inner.sent()).isBetween(20 * 1042L, 22_000L);
            assertThat(outer.received()).isEqualTo(inner.sent());
            assertThat(inner.received()).isEqualTo(outer.sent()).isLessThan(20_000);
            return "";
        });
    }

    private static LinkTraffic traffic(Rtnetlink netlink, String name) {
        return netlink.traffic().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noLinkButTheLoopbackHasAnIpv6Address() throws Exception {
        Inet4Address address = ip("10.0.1.2");
        withTwoNamespaces(namespaces -> {
            Rtnetlink host = namespaces.getFirst().netlink();
            Rtnetlink container = namespaces.getLast().netlink();
            host.addBridge("brocker0", MacAddress.of(address));
            host.setUp("brocker0");
            container.addVeth(
                    "veth1",
                    MacAddress.of(address),
                    "veth7",
                    namespaces.getFirst().fd());
            container.setUp("veth1");
            host.attach("veth7", "brocker0");
            assertThat(host.addresses()).noneMatch(found -> found.address() instanceof Inet6Address);
            assertThat(container.addresses()).noneMatch(found -> found.address() instanceof Inet6Address);
            return "";
        });
    }

    @Test
    void deletingOneEndDeletesThePairAndNothingIsNoError() throws Exception {
        MacAddress mac = MacAddress.of(ip("10.0.1.2"));
        withTwoNamespaces(namespaces -> {
            Rtnetlink host = namespaces.getFirst().netlink();
            Rtnetlink container = namespaces.getLast().netlink();
            container.addVeth("veth1", mac, "veth7", namespaces.getFirst().fd());
            assertThat(host.deleteLink("veth7")).isTrue();
            assertThat(host.deleteLink("veth7")).isFalse();
            assertThat(container.links()).extracting(Link::name).doesNotContain("veth1");
            return "";
        });
    }

    @Test
    void refusalsNameMessageAndObject() throws Exception {
        MacAddress mac = MacAddress.of(ip("10.0.1.2"));
        Inet4Address address = ip("10.0.1.1");
        withTwoNamespaces(namespaces -> {
            Rtnetlink netlink = namespaces.getFirst().netlink();
            netlink.addBridge("brocker0", mac);
            assertThatThrownBy(() -> netlink.addBridge("brocker0", mac))
                    .isInstanceOf(KernelException.class)
                    .hasMessageStartingWith("RTM_NEWLINK(\"brocker0\"): EEXIST (file exists)");
            assertThatThrownBy(() -> netlink.attach("veth9", "brocker0"))
                    .hasMessageStartingWith("RTM_SETLINK(\"veth9\"): ENODEV (no such device)");
            assertThatThrownBy(() -> netlink.attach("lo", "brocker9"))
                    .hasMessageStartingWith("RTM_GETLINK(\"brocker9\"): ENODEV (no such device)");
            assertThatThrownBy(() -> netlink.addDefaultRoute(address))
                    .hasMessage("RTM_NEWROUTE(\"10.0.1.1\"): ENETUNREACH (network is unreachable): "
                            + "Nexthop has invalid gateway");
            netlink.addAddress("brocker0", address, 24);
            assertThatThrownBy(() -> netlink.addAddress("brocker0", address, 24))
                    .hasMessageStartingWith("RTM_NEWADDR(\"brocker0 10.0.1.1/24\"): EEXIST (file exists)");
            return "";
        });
    }

    @Test
    void hundredsOfLinksFillMoreThanOneDatagram() throws Exception {
        MacAddress mac = MacAddress.of(ip("10.0.1.2"));
        withTwoNamespaces(namespaces -> {
            Rtnetlink netlink = namespaces.getFirst().netlink();
            for (int i = 0; i < 200; i++) {
                netlink.addBridge("b" + i, mac);
            }
            assertThat(netlink.links().stream().filter(link -> link.kind().equals("bridge")))
                    .hasSize(200);
            assertThat(netlink.traffic()).hasSizeGreaterThan(200);
            return "";
        });
    }
}
