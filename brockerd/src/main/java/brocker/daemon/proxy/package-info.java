/**
 * nginx as the proxy of a service: its configuration, its check, its reload. Implements {@code port.Proxy}.
 */
@NullMarked
package brocker.daemon.proxy;

import org.jspecify.annotations.NullMarked;
