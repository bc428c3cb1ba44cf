package brocker.daemon.orchestrator;

import brocker.runtime.network.BridgePlan;
import brocker.spec.Cidr;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import java.time.Instant;

/**
 * A service as the store keeps it.
 *
 * @param number what its bridge is numbered with
 * @param address the bridge's
 * @param removing its removal was asked for, and goes on at the next start if the daemon ends
 */
public record ServiceRecord(ServiceSpec spec, int number, Cidr address, Instant created, boolean removing) {
    /** On which the proxy listens at {@link #proxyAddress}. */
    public static final int PROXY_PORT = 80;

    public ServiceName name() {
        return spec.name();
    }

    /** What its containers may reach. */
    BridgePlan bridgePlan() {
        return new BridgePlan(bridge(), address, proxyAddress(), PROXY_PORT, spec.egress(), spec.hostAccess());
    }

    ServiceRecord beingRemoved() {
        return new ServiceRecord(spec, number, address, created, true);
    }

    /** The name of its bridge on the host. */
    public String bridge() {
        return "brocker" + number;
    }

    /** The proxy's address: the lowest of the network that is neither the first nor the bridge's own. */
    public int proxyAddress() {
        int second = address.network() + 2;
        return second == address.bits() ? second + 1 : second;
    }
}
