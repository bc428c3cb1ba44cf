/**
 * One container on this host, from nothing to nothing: start, exec, signal, delete. Composes {@code process}, {@code cgroup},
 * {@code rootfs} and {@code network}, which never import each other.
 */
@NullMarked
package brocker.runtime;

import org.jspecify.annotations.NullMarked;
