package brocker.runtime.privilege;

import java.util.Optional;

/**
 * What a command may do, the same for a container's first command and for exec.
 *
 * @param capabilities its bounding, permitted and effective sets; the inheritable and the ambient set are empty
 * @param filter its system call filter, as hexadecimal text of an array of {@code struct sock_filter}
 */
public record Privileges(CapabilitySet capabilities, Optional<String> filter) {}
