/**
 * Tells containers where services are: a name server at every bridge's address, see RFC 1035, which asks the host's name servers for
 * what it does not know. Implements {@code port.Names}.
 */
@NullMarked
package brocker.daemon.names;

import org.jspecify.annotations.NullMarked;
