/**
 * Health checks of containers, from the network of their service. Imports no other package of the daemon.
 */
@NullMarked
package brocker.daemon.health;

import org.jspecify.annotations.NullMarked;
