package brocker.kernel.netlink;

import java.net.Inet4Address;

/**
 * A route of the main table.
 *
 * @param destination {@code 0.0.0.0} with prefix 0 for the default route
 * @param link the index of the interface it leaves through, 0 where it names none (multipath, unreachable)
 */
public record Route(Inet4Address destination, int prefix, int link) {}
