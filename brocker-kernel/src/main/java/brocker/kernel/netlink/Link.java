package brocker.kernel.netlink;

/**
 * A network interface.
 *
 * @param kind {@code bridge}, {@code veth} and so on; empty for one without a kind, such as {@code lo}
 * @param master the index of the bridge it is attached to, 0 without one
 * @param up whether it is set up, which says nothing about its carrier
 * @param address all zero for one that has none
 */
public record Link(int index, String name, String kind, int master, boolean up, MacAddress address) {}
