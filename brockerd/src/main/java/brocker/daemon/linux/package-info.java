/**
 * The ports to the kernel, by {@code brocker.runtime}: containers, bridges, control groups. Imports {@code port}, {@code file} and what is
 * below them.
 */
@NullMarked
package brocker.daemon.linux;

import org.jspecify.annotations.NullMarked;
