/**
 * The state that outlives the daemon, in SQLite. Implements {@code port.Store}.
 */
@NullMarked
package brocker.daemon.store;

import org.jspecify.annotations.NullMarked;
