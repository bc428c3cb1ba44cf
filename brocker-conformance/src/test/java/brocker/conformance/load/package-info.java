/**
 * Clients that hide nothing: each request is written once, to a connection that the client made itself, and whatever does not come back
 * whole and as expected is a failure. Plain sockets, as the JDK's HTTP clients try again by themselves. Imports nothing of Brocker.
 */
@NullMarked
package brocker.conformance.load;

import org.jspecify.annotations.NullMarked;
