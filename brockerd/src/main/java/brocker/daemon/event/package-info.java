/**
 * What has changed, as users are told of it. Imports {@code record}.
 */
@NullMarked
package brocker.daemon.event;

import org.jspecify.annotations.NullMarked;
