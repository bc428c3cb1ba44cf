/**
 * Work that failed and is tried again, and what users are told of it meanwhile. Imports {@code port} and what is below.
 */
@NullMarked
package brocker.daemon.fault;

import org.jspecify.annotations.NullMarked;
