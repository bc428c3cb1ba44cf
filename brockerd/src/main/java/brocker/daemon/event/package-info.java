/**
 * Events, derived from changes of records. Imports {@code record}.
 */
@NullMarked
package brocker.daemon.event;

import org.jspecify.annotations.NullMarked;
