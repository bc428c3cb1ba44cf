/**
 * The state that outlives the daemon, in SQLite. Implements the {@code Store} of {@code orchestrator}.
 */
@NullMarked
package brocker.daemon.store;

import org.jspecify.annotations.NullMarked;
