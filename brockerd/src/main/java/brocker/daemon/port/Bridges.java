package brocker.daemon.port;

import brocker.kernel.netlink.Link;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.network.BridgePort;
import brocker.spec.Cidr;
import java.util.List;
import java.util.Map;

/** The host's side of every container's network. Thread-safe. */
public interface Bridges {
    /** Creates a bridge, assigns its address and sets it up. A failure leaves nothing behind. */
    void add(BridgePlan plan);

    /** Creates a bridge, or completes one that exists. */
    void ensure(BridgePlan plan);

    /** Deletes a bridge and its rules, if it exists. */
    void delete(String name);

    /**
     * Replaces all packet filter rules by those for these bridges and ports. Comes before any of them is created or adopted.
     *
     * @param refused a TCP port of the host that no container reaches
     * @return the reasons why links were removed that the packet filter takes no rules for, by link name
     */
    Map<String, String> restore(int refused, List<BridgePlan> bridges, List<BridgePort> ports);

    List<Link> links();

    /** The networks that the host's interfaces and routes use. */
    List<Cidr> taken();
}
