package brocker.runtime.network;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.netlink.Link;
import brocker.kernel.netlink.LinkAddress;
import brocker.kernel.netlink.LinkTraffic;
import brocker.kernel.netlink.MacAddress;
import brocker.kernel.netlink.Route;
import brocker.kernel.netlink.Rtnetlink;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The host's side of every container's network: bridges, host ends of veth pairs, the rules for both, the ranges in use. Thread-safe. */
public final class HostNetwork implements AutoCloseable {
    /**
     * On which port, TCP and UDP, of its own address names are asked for at each bridge; what containers send to port 53 there ends at it.
     * It is another one so that a name server of the host's, on every address, is neither in the way nor reached.
     */
    public static final int NAMES_PORT = 13053;

    /**
     * How many neighbours the kernel keeps, where its default is 1,024 for all network namespaces together: five containers that each
     * look for all 254 addresses of their network would leave none to the host. An entry takes about half a kilobyte.
     */
    private static final int NEIGHBOURS = 32_768;

    private final Rtnetlink netlink;
    private final Firewall firewall;
    private final Fd namespace;

    private HostNetwork(Rtnetlink netlink, Firewall firewall, Fd namespace) {
        this.netlink = netlink;
        this.firewall = firewall;
        this.namespace = namespace;
    }

    /**
     * Of the network namespace that this thread is in. Changes nothing.
     *
     * @throws BrockerException.Host where the host has no nftables
     */
    public static HostNetwork open() {
        Firewall firewall = Firewall.open();
        Fd namespace = Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0);
        return new HostNetwork(Rtnetlink.open(), firewall, namespace);
    }

    /**
     * Finds out whether a host's packet filter takes our rules, without touching its own.
     *
     * @throws BrockerException.Host where it does not
     */
    public static void requirePacketFilter() {
        Firewall.rehearse();
    }

    /**
     * Puts the rules for all bridges and ports in force, those for every other one of ours out of it. For the beginning, before anything is
     * made or found again.
     *
     * <p>Where the packet filter does not take all of them, those that it does not take alone are left out. Their links are removed, as
     * without rules they may not be up.
     *
     * @param refused a TCP port of the host that no container reaches, whatever its bridge allows
     * @return why rules are not in force, by the name of the bridge or the host end
     * @throws BrockerException.Host where the packet filter takes none
     */
    public Map<String, String> restore(int refused, List<BridgePlan> bridges, List<BridgePort> ports) {
        Ruleset base = Ruleset.EMPTY.refusing(refused);
        try {
            firewall.restore(base.with(bridges, ports));
            return Map.of();
        } catch (BrockerException.Host e) {
            Map<String, String> objections = new TreeMap<>();
            bridges.forEach(bridge ->
                    Firewall.objection(base.with(bridge)).ifPresent(why -> objections.put(bridge.name(), why)));
            ports.forEach(
                    port -> Firewall.objection(base.with(port)).ifPresent(why -> objections.put(port.hostEnd(), why)));
            if (objections.isEmpty()) {
                throw e;
            }
            objections.keySet().stream().filter(this::has).forEach(netlink::deleteLink);
            firewall.restore(base.with(
                    bridges.stream()
                            .filter(bridge -> !objections.containsKey(bridge.name()))
                            .toList(),
                    ports.stream()
                            .filter(port -> !objections.containsKey(port.hostEnd()))
                            .toList()));
            return objections;
        }
    }

    /** Makes a bridge that is up, has an address and forwards what the rules let pass. A failure leaves nothing of it. */
    public void addBridge(BridgePlan plan) {
        firewall.add(plan);
        try {
            netlink.addBridge(
                    plan.name(), MacAddress.of(Addresses.of(plan.address().bits())));
        } catch (RuntimeException e) {
            // Whose bridge it is that has this name is not known here.
            firewall.remove(plan.name());
            throw e;
        }
        try {
            configure(plan);
        } catch (RuntimeException e) {
            deleteBridge(plan.name());
            throw e;
        }
    }

    /** Sees to it that a bridge is as {@link #addBridge} leaves it, also where whoever began that was killed in the middle of it. */
    public void ensureBridge(BridgePlan plan) {
        if (has(plan.name())) {
            configure(plan);
        } else {
            addBridge(plan);
        }
    }

    private void configure(BridgePlan plan) {
        Sysctl.turnOffIpv6(plan.name());
        // Forwarding is decided by the interface that a packet comes in through: between bridges these suffice.
        Sysctl.set("ipv4/conf/" + plan.name() + "/forwarding", "1");
        if (plan.egress()) {
            // Answers come in through an uplink, and which one that is may change.
            Sysctl.set("ipv4/ip_forward", "1");
        }
        // Containers hear of no other address of the host: it answers at a bridge for the bridge's own, and asks with
        // it.
        Sysctl.set("ipv4/conf/" + plan.name() + "/arp_ignore", "1");
        Sysctl.set("ipv4/conf/" + plan.name() + "/arp_announce", "2");
        Sysctl.raise("ipv4/neigh/default/gc_thresh3", NEIGHBOURS);
        try {
            netlink.addAddress(
                    plan.name(),
                    Addresses.of(plan.address().bits()),
                    plan.address().prefix());
        } catch (KernelException e) {
            // It has it already.
            if (!e.errno().equals(Errno.EEXIST)) {
                throw e;
            }
        }
        netlink.setUp(plan.name());
    }

    /** Removes a bridge and its rules; one that does not exist is no error. */
    public void deleteBridge(String name) {
        netlink.deleteLink(name);
        firewall.remove(name);
    }

    /** Whether there is a link of a name. */
    public boolean has(String link) {
        return links().stream().anyMatch(found -> found.name().equals(link));
    }

    public List<Link> links() {
        return netlink.links();
    }

    /** What went through each container's pair, by the name of the host's end, whose directions are the opposite of the container's. */
    public Map<String, Traffic> traffic() {
        return netlink.traffic().stream()
                .collect(Collectors.toMap(
                        LinkTraffic::name,
                        link -> new Traffic(/* received= */ link.sent(), /* sent= */ link.received())));
    }

    /** Joins the host end of a pair to a bridge, and lets through what comes from its own addresses. */
    public void attach(BridgePort port, String bridge) {
        firewall.admit(port);
        netlink.attach(port.hostEnd(), bridge);
    }

    /** Removes the host end of a pair, the other end with it, and its rules; one that does not exist is no error. */
    public void detach(String hostEnd) {
        netlink.deleteLink(hostEnd);
        firewall.dismiss(hostEnd);
    }

    /** What the host uses already: the networks of its interfaces and of its routes, but for the default route. */
    public List<Cidr> taken() {
        List<Cidr> taken = new ArrayList<>();
        for (LinkAddress address : netlink.addresses()) {
            if (address.address() instanceof Inet4Address ipv4) {
                taken.add(new Cidr(Addresses.bits(ipv4), address.prefix()));
            }
        }
        for (Route route : netlink.routes()) {
            if (route.prefix() > 0) {
                taken.add(new Cidr(Addresses.bits(route.destination()), route.prefix()));
            }
        }
        return taken;
    }

    /** Begins a container's own network. Runs on a thread that is in its network namespace; what it returns works there too. */
    public ContainerNetwork begin() {
        return ContainerNetwork.open(namespace);
    }

    @Override
    public void close() {
        firewall.close();
        netlink.close();
        namespace.close();
    }
}
