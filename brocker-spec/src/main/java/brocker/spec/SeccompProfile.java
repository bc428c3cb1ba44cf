package brocker.spec;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Which system calls a container may make, in the form of the OCI runtime specification with Docker's and Podman's additions; its keys
 * are theirs.
 *
 * <pre>{@code
 * {
 *   "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
 *   "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
 *   "syscalls": [
 *     {"names": ["read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW"},
 *     {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_CHROOT"]}}
 *   ]
 * }
 * }</pre>
 *
 * @param defaultErrno the name of {@code defaultErrnoRet}; says nothing new
 * @param architectures whose system calls the rules are about, beside the host's own; not together with {@code archMap}
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record SeccompProfile(
        SeccompAction defaultAction,
        Optional<Integer> defaultErrnoRet,
        Optional<String> defaultErrno,
        List<SeccompArchitecture> architectures,
        List<SeccompArchMap> archMap,
        List<String> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<SeccompRule> syscalls) {
    /** The highest errno that the kernel lets a filter return; MAX_ERRNO. */
    private static final int HIGHEST_ERRNO = 4095;

    /** What a filter of ours is loaded with, or needs not to be, as it is loaded before the first thread is there. */
    private static final List<String> FLAGS = List.of("SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC");

    public SeccompProfile {
        architectures = List.copyOf(architectures);
        archMap = List.copyOf(archMap);
        flags = List.copyOf(flags);
        syscalls = List.copyOf(syscalls);
        requireErrno(defaultAction, defaultErrnoRet, defaultErrno, "defaultErrnoRet");
        if (!architectures.isEmpty() && !archMap.isEmpty()) {
            throw invalid("a profile with both \"architectures\" and \"archMap\"", "keep one of them")
                    .at("archMap");
        }
        for (String flag : flags) {
            if (!FLAGS.contains(flag)) {
                throw invalid("\"" + flag + "\" is not a supported flag", "supported are " + String.join(", ", FLAGS))
                        .at("flags");
            }
        }
        listenerPath.filter(path -> !path.isEmpty()).ifPresent(_ -> {
            throw noListener("listenerPath");
        });
        listenerMetadata.filter(data -> !data.isEmpty()).ifPresent(_ -> {
            throw noListener("listenerMetadata");
        });
    }

    static void requireErrno(SeccompAction action, Optional<Integer> number, Optional<String> name, String key) {
        number.filter(value -> value < 0 || value > HIGHEST_ERRNO).ifPresent(value -> {
            throw invalid("\"" + value + "\" is not an errno", "write 0 to " + HIGHEST_ERRNO)
                    .at(key);
        });
        if (number.isPresent() && action != SeccompAction.ERRNO) {
            throw invalid(
                            "\"" + action.text() + "\" returns no errno",
                            "remove \"" + key + "\", or write \"" + SeccompAction.ERRNO.text() + "\"")
                    .at(key);
        }
        if (name.filter(text -> !text.isEmpty()).isPresent() && number.isEmpty()) {
            throw invalid("the errno \"" + name.get() + "\" has no number", "write it as \"" + key + "\"");
        }
    }

    static BrockerException.Invalid invalid(String message, String hint) {
        return new BrockerException.Invalid("invalid-seccomp", message, hint);
    }

    static BrockerException.Invalid unknown(String what, String text, Collection<String> known) {
        return invalid(
                "\"" + text + "\" is not an " + what,
                Nearest.to(text, known)
                        .map(nearest -> "did you mean \"" + nearest + "\"?")
                        .orElseGet(
                                () -> "write one of " + known.stream().sorted().collect(Collectors.joining(", "))));
    }

    private static BrockerException.Invalid noListener(String key) {
        return invalid("no agent listens for a container's system calls", "remove the key \"" + key + "\"")
                .at(key);
    }
}
