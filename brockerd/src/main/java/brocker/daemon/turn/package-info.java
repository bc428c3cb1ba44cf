/**
 * Turns of a service: one at a time, later, again, and waiting for what they changed. Imports {@code record} for its failures.
 */
@NullMarked
package brocker.daemon.turn;

import org.jspecify.annotations.NullMarked;
