/**
 * The tree that a container sees, composed in its own mount namespace, see {@code mount_namespaces(7)}. May import
 * {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.rootfs;

import org.jspecify.annotations.NullMarked;
