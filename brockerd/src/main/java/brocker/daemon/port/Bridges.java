package brocker.daemon.port;

import brocker.kernel.netlink.Link;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.network.BridgePort;
import brocker.spec.Cidr;
import java.util.List;
import java.util.Map;

/** The host's side of every container's network. Thread-safe. */
public interface Bridges {
    /** Makes a bridge that is up, has an address and forwards what the rules let pass. A failure leaves nothing of it. */
    void add(BridgePlan plan);

    /** Sees to it that a bridge is as {@link #add} leaves it, whatever there is of it. */
    void ensure(BridgePlan plan);

    /** Removes a bridge and its rules; one that does not exist is no error. */
    void delete(String name);

    /**
     * Puts the rules for these in force, and no others, before anything is made or found again.
     *
     * @param refused a TCP port of the host that no container reaches
     * @return why rules are not in force, by the name of the bridge or the host end, whose link is removed
     */
    Map<String, String> restore(int refused, List<BridgePlan> bridges, List<BridgePort> ports);

    List<Link> links();

    /** The networks that the host's interfaces and routes use. */
    List<Cidr> taken();
}
