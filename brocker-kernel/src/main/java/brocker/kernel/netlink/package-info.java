/**
 * rtnetlink(7): links, addresses and routes of one network namespace. Imports only {@code brocker.kernel}.
 *
 * <p>Messages are written and read by pure codecs over byte buffers ({@code MessageWriter}, {@code MessageReader}),
 * {@link brocker.kernel.netlink.Rtnetlink} sends them. Ruled by netlink(7), rtnetlink(7) and {@code linux/rtnetlink.h}.
 */
@NullMarked
package brocker.kernel.netlink;

import org.jspecify.annotations.NullMarked;
