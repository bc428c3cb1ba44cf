/**
 * Decisions about what to do next, without doing it; pure. Imports {@code record} and {@code turn}.
 */
@NullMarked
package brocker.daemon.plan;

import org.jspecify.annotations.NullMarked;
