package brocker.daemon.orchestrator;

import brocker.kernel.ProcessIdentity;
import brocker.runtime.network.BridgePort;
import brocker.runtime.process.UserIds;
import brocker.spec.Cidr;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.wire.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A container as the store keeps it. It holds its address and its veth number until it has ended.
 *
 * @param address on the service's bridge
 * @param veth what the host's end of its veth pair is numbered with
 * @param ready the proxy sends it requests
 * @param stopping its end was asked for
 */
public record ContainerRecord(
        ContainerName name,
        ServiceName service,
        Role role,
        ContainerSpec spec,
        int address,
        int veth,
        Instant created,
        Optional<Start> start,
        boolean ready,
        boolean stopping,
        Optional<End> end) {
    /**
     * That its command was executed.
     *
     * @param bootId of the boot in which the process identity means something, see {@code random(4)}
     */
    public record Start(ProcessIdentity init, String bootId, Instant at) {}

    /**
     * That it has ended.
     *
     * @param code 0 to 255, 128 + n when signal n ended it
     * @param reason in a few words, empty where the code says it all
     * @param oomKills how many of its processes the kernel killed for lack of memory
     */
    public record End(Instant at, int code, String reason, long oomKills) {}

    /** The ids of the host that are its own, by the number of its veth pair; none where it shares the host's. */
    Optional<UserIds> users() {
        return spec.userNamespaceOrDefault() ? Optional.of(UserIds.numbered(veth)) : Optional.empty();
    }

    /** One that is about to be made. */
    public static ContainerRecord intended(
            ContainerName name, Role role, ContainerSpec spec, int address, int veth, Instant created) {
        return new ContainerRecord(
                name,
                spec.service(),
                role,
                spec,
                address,
                veth,
                created,
                Optional.empty(),
                false,
                false,
                Optional.empty());
    }

    public ContainerRecord started(Start when) {
        return new ContainerRecord(
                name, service, role, spec, address, veth, created, Optional.of(when), ready, stopping, end);
    }

    public ContainerRecord stopRequested() {
        return new ContainerRecord(name, service, role, spec, address, veth, created, start, ready, true, end);
    }

    public ContainerRecord checked(boolean nowReady) {
        return new ContainerRecord(name, service, role, spec, address, veth, created, start, nowReady, stopping, end);
    }

    public ContainerRecord ended(End how) {
        return new ContainerRecord(
                name, service, role, spec, address, veth, created, start, false, stopping, Optional.of(how));
    }

    public ContainerRecord limited(ContainerLimits limits) {
        return new ContainerRecord(
                name, service, role, spec.withLimits(limits), address, veth, created, start, ready, stopping, end);
    }

    public boolean alive() {
        return end.isEmpty();
    }

    /** The name of the veth pair's end on the host. */
    public String hostEnd() {
        return "veth" + veth;
    }

    BridgePort bridgePort() {
        return new BridgePort(hostEnd(), address);
    }

    public String dottedAddress() {
        return Cidr.dotted(address);
    }
}
