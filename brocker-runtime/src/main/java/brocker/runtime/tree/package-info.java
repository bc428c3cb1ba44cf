/**
 * Directories that a container can write, touched through descriptors only: taking them away and removing them. See openat2(2),
 * unlinkat(2) and renameat2(2). May import {@code brocker.kernel} and {@code brocker.spec}.
 */
@NullMarked
package brocker.runtime.tree;

import org.jspecify.annotations.NullMarked;
