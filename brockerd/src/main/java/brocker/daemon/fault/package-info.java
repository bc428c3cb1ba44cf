/**
 * Failed operations that are retried and reported until they succeed. Imports {@code port} and the packages below it.
 */
@NullMarked
package brocker.daemon.fault;

import org.jspecify.annotations.NullMarked;
