package brocker.daemon.linux;

import brocker.daemon.port.Bridges;
import brocker.kernel.netlink.Link;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.network.BridgePort;
import brocker.runtime.network.HostNetwork;
import brocker.spec.Cidr;
import java.util.List;
import java.util.Map;

/** Bridges in the host's network namespace. */
public record HostBridges(HostNetwork network) implements Bridges {
    @Override
    public void add(BridgePlan plan) {
        network.addBridge(plan);
    }

    @Override
    public void ensure(BridgePlan plan) {
        network.ensureBridge(plan);
    }

    @Override
    public void delete(String name) {
        network.deleteBridge(name);
    }

    @Override
    public Map<String, String> restore(int refused, List<BridgePlan> bridges, List<BridgePort> ports) {
        return network.restore(refused, bridges, ports);
    }

    @Override
    public List<Link> links() {
        return network.links();
    }

    @Override
    public List<Cidr> taken() {
        return network.taken();
    }
}
