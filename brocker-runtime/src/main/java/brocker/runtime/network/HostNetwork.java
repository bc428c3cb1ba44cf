package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.Linux;
import brocker.kernel.netlink.Link;
import brocker.kernel.netlink.LinkAddress;
import brocker.kernel.netlink.MacAddress;
import brocker.kernel.netlink.Route;
import brocker.kernel.netlink.Rtnetlink;
import brocker.spec.Cidr;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;

/** The host's side of every container's network: bridges, host ends of veth pairs, the ranges that are in use. Thread-safe. */
public final class HostNetwork implements AutoCloseable {
    private final Rtnetlink netlink;
    private final Fd namespace;

    private HostNetwork(Rtnetlink netlink, Fd namespace) {
        this.netlink = netlink;
        this.namespace = namespace;
    }

    /** Of the network namespace that this process is in. */
    public static HostNetwork open() {
        Fd namespace = Linux.open("/proc/self/ns/net", Linux.O_RDONLY, 0);
        return new HostNetwork(Rtnetlink.open(), namespace);
    }

    /** Makes a bridge that is up and has an address. */
    public void addBridge(String name, Cidr address) {
        Inet4Address own = Addresses.of(address.bits());
        netlink.addBridge(name, MacAddress.of(own));
        netlink.addAddress(name, own, address.prefix());
        netlink.setUp(name);
    }

    /** Removes a bridge or the host end of a pair; the other end goes with it. */
    public boolean delete(String link) {
        return netlink.deleteLink(link);
    }

    /** Whether there is a link of a name. */
    public boolean has(String link) {
        return links().stream().anyMatch(found -> found.name().equals(link));
    }

    public List<Link> links() {
        return netlink.links();
    }

    /** Joins the host end of a pair to a bridge, and lets traffic through. */
    public void attach(String hostEnd, String bridge) {
        netlink.attach(hostEnd, bridge);
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
        netlink.close();
        namespace.close();
    }
}
