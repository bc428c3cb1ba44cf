/**
 * Control groups of both versions, see {@code cgroups(7)}: one group a container, below one parent. May import
 * {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.cgroup;

import org.jspecify.annotations.NullMarked;
