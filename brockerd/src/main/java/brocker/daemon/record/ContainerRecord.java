package brocker.daemon.record;

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
 * @param revision of the service's template that a replica was started from; 0 of others
 * @param address on the service's bridge
 * @param veth what the host's end of its veth pair is numbered with
 * @param ready the proxy sends it requests
 * @param asked what its users asked of it while it lived
 */
public record ContainerRecord(
        ContainerName name,
        ServiceName service,
        Role role,
        int revision,
        ContainerSpec spec,
        int address,
        int veth,
        Instant created,
        Optional<Start> start,
        boolean ready,
        Asked asked,
        Optional<End> end,
        Restarts restarts) {
    /** What is to come of a container, other than what its restart policy says. */
    public enum Asked {
        NOTHING,
        STOP,
        RESTART
    }

    /**
     * How often it was started again under its name.
     *
     * @param inRow since it last lived as long as something that works
     */
    public record Restarts(int total, int inRow) {
        public static final Restarts NONE = new Restarts(0, 0);
    }

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
    public record End(Instant at, int code, String reason, long oomKills) {
        private static final int CANNOT_START = 127;

        /** Of one that was to be started again and was not. */
        public static End notStarted(String why) {
            return new End(Instant.now(), CANNOT_START, why, 0);
        }

        /** The same for this reason, unless it is empty. */
        public End because(String why) {
            return why.isEmpty() ? this : new End(at, code, why, oomKills);
        }
    }

    /** The ids of the host that are its own, by the number of its veth pair; none where it shares the host's. */
    public Optional<UserIds> users() {
        return spec.userNamespaceOrDefault() ? Optional.of(UserIds.numbered(veth)) : Optional.empty();
    }

    /** One that is about to be made. */
    public static ContainerRecord intended(
            ContainerName name, Role role, int revision, ContainerSpec spec, int address, int veth, Instant created) {
        return new ContainerRecord(
                name,
                spec.service(),
                role,
                revision,
                spec,
                address,
                veth,
                created,
                Optional.empty(),
                false,
                Asked.NOTHING,
                Optional.empty(),
                Restarts.NONE);
    }

    /** The same, about to be made once more, at an address that may be another. */
    public ContainerRecord again(int newAddress, Restarts soFar) {
        return new ContainerRecord(
                name,
                service,
                role,
                revision,
                spec,
                newAddress,
                veth,
                created,
                Optional.empty(),
                false,
                Asked.NOTHING,
                Optional.empty(),
                soFar);
    }

    public ContainerRecord started(Start when) {
        return with(spec, Optional.of(when), ready, asked, end);
    }

    public ContainerRecord asked(Asked what) {
        return with(spec, start, ready, what, end);
    }

    public ContainerRecord checked(boolean nowReady) {
        return with(spec, start, nowReady, asked, end);
    }

    public ContainerRecord ended(End how) {
        return with(spec, start, false, asked, Optional.of(how));
    }

    public ContainerRecord limited(ContainerLimits limits) {
        return with(spec.withLimits(limits), start, ready, asked, end);
    }

    private ContainerRecord with(
            ContainerSpec newSpec, Optional<Start> newStart, boolean nowReady, Asked newAsked, Optional<End> newEnd) {
        return new ContainerRecord(
                name, service, role, revision, newSpec, address, veth, created, newStart, nowReady, newAsked, newEnd,
                restarts);
    }

    /** Whether its end was asked for, be it to start it again. */
    public boolean stopping() {
        return asked != Asked.NOTHING;
    }

    public boolean alive() {
        return end.isEmpty();
    }

    /** The name of the veth pair's end on the host. */
    public String hostEnd() {
        return "veth" + veth;
    }

    public BridgePort bridgePort() {
        return new BridgePort(hostEnd(), address);
    }

    public String dottedAddress() {
        return Cidr.dotted(address);
    }
}
