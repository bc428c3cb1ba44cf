package brocker.daemon.allocation;

import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ServiceSpec;
import java.util.Collection;
import java.util.List;

/** Which network a service's bridge gets. */
public final class BridgeRange {
    private static final Cidr FIRST_FREE = Cidr.parse("10.200.0.1/24");

    private BridgeRange() {}

    /**
     * The address that the specification names, or the first free range of {@code 10.200.0.0/16}.
     *
     * @param services the ones that exist
     * @param host the networks that the host uses
     * @throws BrockerException.Conflict when the address is taken or its network overlaps
     */
    public static Cidr choose(ServiceSpec spec, Collection<ServiceRecord> services, List<Cidr> host) {
        if (spec.bridgeIp().isPresent()) {
            Cidr wanted = spec.bridgeIp().get();
            for (ServiceRecord service : services) {
                if (service.address().overlaps(wanted)) {
                    throw conflict(wanted, "the service \"" + service.name() + "\"", service.address());
                }
            }
            for (Cidr taken : host) {
                if (taken.overlaps(wanted)) {
                    throw conflict(wanted, "the host", taken);
                }
            }
            return wanted;
        }
        for (int i = 0; i < 256; i++) {
            Cidr candidate = FIRST_FREE.withAddress(FIRST_FREE.bits() + (i << 8));
            if (services.stream().noneMatch(service -> service.address().overlaps(candidate))
                    && host.stream().noneMatch(taken -> taken.overlaps(candidate))) {
                return candidate;
            }
        }
        throw new BrockerException.Conflict(
                "no-free-range",
                "no network of \"10.200.0.0/16\" is free",
                "name a \"bridge-ip\" in the service's file");
    }

    private static BrockerException.Conflict conflict(Cidr wanted, String owner, Cidr taken) {
        boolean same = wanted.bits() == taken.bits();
        return new BrockerException.Conflict(
                same ? "bridge-address-taken" : "bridge-address-overlaps",
                "the bridge address \"" + wanted + "\" "
                        + (same ? "is taken by " + owner : "overlaps with \"" + taken + "\" of " + owner),
                "choose another \"bridge-ip\", or leave it out to get a free one");
    }
}
