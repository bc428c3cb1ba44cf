/**
 * Brings services and their containers to their desired state, with one queue per service. Reaches store, proxy, names and kernel
 * through {@code port} alone.
 */
@NullMarked
package brocker.daemon.orchestrator;

import org.jspecify.annotations.NullMarked;
