/**
 * Linux system calls: C names, owned descriptors, errno in every failure. Imports nothing but the JDK.
 *
 * <p>Three layers: {@code LibC} and its neighbours hold the FFM handles and C-named bindings, {@link brocker.kernel.Linux}
 * is their Java face, and the other public types are the nouns built on it. The manual pages of sections 2 and 3 rule.
 */
@NullMarked
package brocker.kernel;

import org.jspecify.annotations.NullMarked;
