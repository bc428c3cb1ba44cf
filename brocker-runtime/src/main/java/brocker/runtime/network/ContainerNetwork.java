package brocker.runtime.network;

import brocker.kernel.Fd;
import brocker.kernel.Linux;
import brocker.kernel.netlink.MacAddress;
import brocker.kernel.netlink.Rtnetlink;
import brocker.spec.Cidr;
import java.net.Inet4Address;

/** The inside of one container's network: {@code lo}, and {@code veth1} to its bridge, IPv4 only. Belongs to the thread that made it. */
public final class ContainerNetwork implements AutoCloseable {
    /** What a container's own end is called. */
    public static final String INNER_END = "veth1";

    private final Rtnetlink netlink;
    private final Fd host;

    private ContainerNetwork(Rtnetlink netlink, Fd host) {
        this.netlink = netlink;
        this.host = host;
    }

    static ContainerNetwork open(Fd host) {
        // For the links to come; lo keeps ::1, which programs of the container may listen on.
        Sysctl.turnOffIpv6("default");
        Sysctl.set("ipv4/ip_unprivileged_port_start", "0");
        Rtnetlink netlink = Rtnetlink.open();
        netlink.setUp("lo");
        return new ContainerNetwork(netlink, host);
    }

    /**
     * Makes the pair and configures its inner end.
     *
     * @param outerEnd the name of the other end, in the host's network
     * @param address the container's own
     * @param gateway the bridge's
     */
    public void connect(String outerEnd, Cidr address, int gateway) {
        Inet4Address own = Addresses.of(address.bits());
        netlink.addVeth(INNER_END, MacAddress.of(own), outerEnd, host);
        netlink.addAddress(INNER_END, own, address.prefix());
        netlink.setUp(INNER_END);
        netlink.addDefaultRoute(Addresses.of(gateway));
    }

    /** The namespace itself, which lives for as long as the descriptor; the caller closes it. */
    public Fd namespace() {
        return Linux.open("/proc/thread-self/ns/net", Linux.O_RDONLY, 0);
    }

    @Override
    public void close() {
        netlink.close();
    }
}
