package brocker.kernel.netlink;

import java.net.InetAddress;

/**
 * An address of an interface.
 *
 * @param link the interface's index
 */
public record LinkAddress(int link, InetAddress address, int prefix) {}
