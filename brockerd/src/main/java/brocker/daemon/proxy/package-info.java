/**
 * nginx as the proxy of a service: its configuration, its check, its reload. Implements the {@code Proxy} of {@code orchestrator}.
 */
@NullMarked
package brocker.daemon.proxy;

import org.jspecify.annotations.NullMarked;
