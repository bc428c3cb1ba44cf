package brocker.runtime.network;

import brocker.kernel.InNamespaces;
import brocker.kernel.Linux;
import brocker.kernel.Nftables;
import brocker.kernel.netlink.MacAddress;
import brocker.kernel.netlink.Rtnetlink;
import brocker.spec.Cidr;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;

/**
 * A host of a test in a network namespace of its own, with bridges and containers' namespaces, and by wish an uplink. Bridge n
 * has the address 10.1.n.1, and .2 on it is the proxy.
 */
final class Lan implements AutoCloseable {
    static final int REFUSED_PORT = 3000;

    private final List<Station> owned = new ArrayList<>();
    private final List<BridgePlan> bridges = new ArrayList<>();
    private final List<BridgePort> ports = new ArrayList<>();
    private final Station host;
    private final HostNetwork network;
    private final Nftables nftables;

    private record Opened(Station host, HostNetwork network, Nftables nftables) {}

    Lan() {
        Opened opened = InNamespaces.call("host", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            up("lo");
            return new Opened(
                    new Station(Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0)),
                    HostNetwork.open(),
                    Nftables.open());
        });
        host = opened.host;
        network = opened.network;
        nftables = opened.nftables;
        restore();
    }

    Station host() {
        return host;
    }

    HostNetwork network() {
        return network;
    }

    /** What a new daemon that knows all of it does first. */
    void restore() {
        network.restore(REFUSED_PORT, bridges, ports);
    }

    static BridgePlan plan(int number, boolean egress, boolean hostAccess) {
        Cidr address = Cidr.parse("10.1." + number + ".1/24");
        return new BridgePlan("brocker" + number, address, address.network() + 2, 80, egress, hostAccess);
    }

    void bridge(int number, boolean egress, boolean hostAccess) {
        BridgePlan plan = plan(number, egress, hostAccess);
        host.call(() -> {
            network.addBridge(plan);
            return true;
        });
        bridges.add(plan);
    }

    /** A container's network with the address 10.1.bridge.last. */
    Station station(int bridge, int last) {
        Cidr gateway = Cidr.parse("10.1." + bridge + ".1/24");
        Cidr address = gateway.withAddress(gateway.network() + last);
        BridgePort port = new BridgePort("veth" + bridge + "x" + last, address.bits());
        Station station = InNamespaces.call("container", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            try (ContainerNetwork inside = network.begin()) {
                inside.connect(port.hostEnd(), address, gateway.bits());
                return new Station(inside.namespace());
            }
        });
        owned.add(station);
        network.attach(port, "brocker" + bridge);
        ports.add(port);
        return station;
    }

    /** Another machine, 192.0.2.2, at an interface of the host with the address 192.0.2.1. */
    Station uplink() {
        Station machine = InNamespaces.call("uplink", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            up("lo");
            return new Station(Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0));
        });
        owned.add(machine);
        host.call(() -> {
            try (Rtnetlink netlink = Rtnetlink.open()) {
                netlink.addVeth("up1", MacAddress.of(Inet4Address.ofLiteral("192.0.2.1")), "eth0", machine.namespace());
            }
            return true;
        });
        host.run("ip", "address", "add", "192.0.2.1/24", "dev", "up1");
        host.run("ip", "link", "set", "up1", "up");
        machine.run("ip", "address", "add", "192.0.2.2/24", "dev", "eth0");
        machine.run("ip", "link", "set", "eth0", "up");
        return machine;
    }

    /** What the packet filter of the host has in force. */
    String rules() {
        return nftables.run("list ruleset");
    }

    /** Changes the rules of the host, to see what an attempt does without one of them. */
    void change(String commands) {
        nftables.run(commands);
    }

    /** Takes a table of ours away, to see what the attempt that it refused does without it. */
    void without(String table) {
        nftables.run("delete table " + table);
    }

    private static void up(String link) {
        try (Rtnetlink netlink = Rtnetlink.open()) {
            netlink.setUp(link);
        }
    }

    @Override
    public void close() {
        owned.forEach(Station::close);
        nftables.close();
        network.close();
        host.close();
    }
}
