package brocker.runtime.privilege;

import brocker.kernel.SeccompFilter;
import brocker.spec.BrockerException;
import brocker.spec.SeccompArchitecture;
import java.util.OptionalInt;

/** A processor that Brocker runs on, and the kinds of system calls that it can make. */
enum Architecture {
    AMD64,
    ARM64;

    /** This machine's. */
    static Architecture host() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64" -> AMD64;
            case "aarch64" -> ARM64;
            default ->
                throw new BrockerException.Host(
                        "unsupported-architecture",
                        "\"" + name + "\" is not supported",
                        "Brocker runs on amd64 and arm64");
        };
    }

    /** As conditions of profiles call it. */
    String docker() {
        return switch (this) {
            case AMD64 -> "amd64";
            case ARM64 -> "arm64";
        };
    }

    SeccompArchitecture own() {
        return switch (this) {
            case AMD64 -> SeccompArchitecture.X86_64;
            case ARM64 -> SeccompArchitecture.AARCH64;
        };
    }

    /** The kernel's number for its own system calls. */
    int token() {
        return switch (this) {
            case AMD64 -> SeccompFilter.AUDIT_ARCH_X86_64;
            case ARM64 -> SeccompFilter.AUDIT_ARCH_AARCH64;
        };
    }

    /** libseccomp's number for another kind of system calls; none where this processor cannot make them. */
    OptionalInt token(SeccompArchitecture other) {
        if (this == ARM64) {
            return other == SeccompArchitecture.ARM
                    ? OptionalInt.of(SeccompFilter.AUDIT_ARCH_ARM)
                    : OptionalInt.empty();
        }
        if (other == SeccompArchitecture.X86) {
            return OptionalInt.of(SeccompFilter.AUDIT_ARCH_I386);
        }
        return other == SeccompArchitecture.X32 ? OptionalInt.of(SeccompFilter.SCMP_ARCH_X32) : OptionalInt.empty();
    }
}
