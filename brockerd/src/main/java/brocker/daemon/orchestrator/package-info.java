/**
 * Services and their containers: what should be and what is. One queue per service; owns the interfaces that {@code proxy} and
 * {@code store} implement, and imports neither.
 */
@NullMarked
package brocker.daemon.orchestrator;

import org.jspecify.annotations.NullMarked;
