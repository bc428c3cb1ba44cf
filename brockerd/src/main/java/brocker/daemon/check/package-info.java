/**
 * What the host offers and lacks. May import {@code brocker.kernel} and {@code brocker.runtime}.
 */
@NullMarked
package brocker.daemon.check;

import org.jspecify.annotations.NullMarked;
