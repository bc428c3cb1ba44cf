/**
 * Addresses, numbers, ports and sockets of this host, each for one service or container. Imports {@code record}.
 */
@NullMarked
package brocker.daemon.allocation;

import org.jspecify.annotations.NullMarked;
