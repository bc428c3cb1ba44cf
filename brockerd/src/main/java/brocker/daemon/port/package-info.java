/**
 * The interfaces of the orchestrator to its surroundings, such as store, proxy, names, and kernel. The packages {@code store},
 * {@code proxy}, {@code names}, {@code file} and {@code linux} implement them. Imports {@code record} and {@code event}.
 */
@NullMarked
package brocker.daemon.port;

import org.jspecify.annotations.NullMarked;
