/**
 * Implements the ports to the kernel with {@code brocker.runtime}: containers, bridges, control groups. Imports {@code port},
 * {@code file} and the packages below them.
 */
@NullMarked
package brocker.daemon.linux;

import org.jspecify.annotations.NullMarked;
