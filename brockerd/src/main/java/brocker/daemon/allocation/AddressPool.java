package brocker.daemon.allocation;

import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import java.util.Set;

/** The addresses of a service's network. */
public final class AddressPool {
    private AddressPool() {}

    /**
     * The lowest address that an application may have: neither the network's first or last, nor the bridge's or the proxy's.
     *
     * @throws BrockerException.Conflict when every address is taken
     */
    public static int lowestFree(ServiceRecord service, Set<Integer> taken) {
        for (int address = service.address().network() + 1;
                address < service.address().broadcast();
                address++) {
            if (address != service.address().bits() && address != service.proxyAddress() && !taken.contains(address)) {
                return address;
            }
        }
        throw new BrockerException.Conflict(
                "pool-exhausted",
                "the service \"" + service.name() + "\" has no address left in \"" + service.address() + "\"",
                "stop a container of it, or add the service with a larger network, such as a prefix length of "
                        + Math.max(16, service.address().prefix() - 4));
    }
}
