/**
 * Services and their containers: what should be and what is. One queue per service. Knows stores, proxies and names by {@code port} alone.
 */
@NullMarked
package brocker.daemon.orchestrator;

import org.jspecify.annotations.NullMarked;
