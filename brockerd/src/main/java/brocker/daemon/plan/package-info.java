/**
 * What is to be done next, as far as it can be decided without doing it; pure. Imports {@code record} and {@code turn}.
 */
@NullMarked
package brocker.daemon.plan;

import org.jspecify.annotations.NullMarked;
