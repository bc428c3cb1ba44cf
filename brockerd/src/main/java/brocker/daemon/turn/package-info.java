/**
 * Runs the work of a service one turn at a time, delays it, retries it, and waits for changes. Imports {@code record} for its failures.
 */
@NullMarked
package brocker.daemon.turn;

import org.jspecify.annotations.NullMarked;
