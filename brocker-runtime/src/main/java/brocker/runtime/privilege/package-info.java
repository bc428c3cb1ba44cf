/**
 * What a command in a container may do of what root may: capabilities and system calls. Imports {@code brocker.spec} and
 * {@code brocker.kernel}; capabilities(7), seccomp(2) and the OCI runtime specification ({@code config-linux.md}, Seccomp) rule.
 */
@NullMarked
package brocker.runtime.privilege;

import org.jspecify.annotations.NullMarked;
