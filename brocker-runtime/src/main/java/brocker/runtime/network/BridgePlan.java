package brocker.runtime.network;

import brocker.spec.Cidr;

/**
 * A bridge and what the containers on it may reach beyond it.
 *
 * @param name of the link on the host
 * @param address the bridge's own, with the network of its containers
 * @param proxy the one address on it that containers of other bridges reach
 * @param proxyPort on which TCP port they reach it
 * @param egress whether its containers reach what is beyond the host
 * @param hostAccess whether its containers reach the host's own programs at the bridge's address
 */
public record BridgePlan(String name, Cidr address, int proxy, int proxyPort, boolean egress, boolean hostAccess) {}
