/**
 * What the heart of the daemon needs of its surroundings: a store, a proxy, names. {@code store}, {@code proxy} and {@code names}
 * implement it. Imports {@code record} and {@code event}.
 */
@NullMarked
package brocker.daemon.port;

import org.jspecify.annotations.NullMarked;
