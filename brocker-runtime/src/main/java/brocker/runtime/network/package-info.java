/**
 * Bridges and veth pairs, see {@code veth(4)} and {@code rtnetlink(7)}. May import {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.network;

import org.jspecify.annotations.NullMarked;
