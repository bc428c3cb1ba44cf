/**
 * The program {@code brockerd}: its options, its configuration file, and the wiring of its parts, by hand. Imports every other
 * package of the daemon; none imports it.
 */
@NullMarked
package brocker.daemon;

import org.jspecify.annotations.NullMarked;
