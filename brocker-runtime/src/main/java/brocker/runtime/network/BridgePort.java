package brocker.runtime.network;

import brocker.kernel.netlink.MacAddress;

/**
 * A container's place on its bridge.
 *
 * @param hostEnd the name of the veth pair's end on the host
 * @param address the only IPv4 address that may be heard from it
 */
public record BridgePort(String hostEnd, int address) {
    /** The only Ethernet address that may be heard from it. */
    MacAddress mac() {
        return MacAddress.of(Addresses.of(address));
    }
}
