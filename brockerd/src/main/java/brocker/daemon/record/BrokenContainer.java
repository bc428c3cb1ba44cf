package brocker.daemon.record;

import brocker.spec.Cidr;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A container of which the daemon knows too little to look after it: its row cannot be read, or its processes cannot be found again. It is
 * left as it is, keeps what it holds, and can be removed.
 *
 * @param address on the service's bridge, 0 where it is not known
 * @param veth the number of its veth pair, 0 where it is not known
 * @param alive whether it had not ended when the store was written last
 * @param reason in one line
 */
public record BrokenContainer(
        ContainerName name,
        ServiceName service,
        Optional<Role> role,
        int address,
        int veth,
        boolean alive,
        Instant created,
        String reason) {
    public static BrokenContainer of(ContainerRecord record, String reason) {
        return new BrokenContainer(
                record.name(),
                record.service(),
                Optional.of(record.role()),
                record.address(),
                record.veth(),
                record.alive(),
                record.created(),
                reason);
    }

    /** The name of the veth pair's end on the host. */
    public String hostEnd() {
        return "veth" + veth;
    }

    public ContainerView view() {
        return new ContainerView(
                name,
                service,
                role.orElse(Role.APPLICATION),
                Optional.empty(),
                ContainerState.BROKEN,
                false,
                Optional.empty(),
                address == 0 ? "-" : Cidr.dotted(address),
                veth == 0 ? "-" : hostEnd(),
                Optional.empty(),
                List.of(),
                ContainerLimits.NONE,
                created,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(reason));
    }
}
