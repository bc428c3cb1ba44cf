/**
 * Bridges, veth pairs and the rules for what passes them, see {@code veth(4)}, {@code rtnetlink(7)} and {@code nft(8)}. May import {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.network;

import org.jspecify.annotations.NullMarked;
