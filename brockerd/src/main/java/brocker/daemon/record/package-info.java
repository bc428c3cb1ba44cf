/**
 * The stored state of services and containers; pure. Imports no other package of the daemon.
 */
@NullMarked
package brocker.daemon.record;

import org.jspecify.annotations.NullMarked;
