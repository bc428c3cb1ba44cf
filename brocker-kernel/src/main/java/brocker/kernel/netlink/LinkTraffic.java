package brocker.kernel.netlink;

/**
 * What went through a network interface since it was made, seen from the namespace that it is in.
 *
 * @param received bytes
 * @param sent bytes
 */
public record LinkTraffic(String name, long received, long sent) {}
