package brocker.runtime.privilege;

import brocker.spec.BrockerException;
import brocker.spec.Capability;
import brocker.spec.CapabilityChange;
import brocker.spec.CapabilityName;
import java.util.EnumSet;
import java.util.Set;

/** Capabilities as the kernel has them: bit {@code CAP_X} of {@code bits} for each. */
public record CapabilitySet(long bits) {
    /** What root inside may do where the file does not say otherwise: Docker's default without net_raw, mknod and audit_write. */
    private static final Set<Capability> BASE = EnumSet.of(
            Capability.CAP_CHOWN,
            Capability.CAP_DAC_OVERRIDE,
            Capability.CAP_FOWNER,
            Capability.CAP_FSETID,
            Capability.CAP_KILL,
            Capability.CAP_NET_BIND_SERVICE,
            Capability.CAP_SETFCAP,
            Capability.CAP_SETGID,
            Capability.CAP_SETPCAP,
            Capability.CAP_SETUID,
            Capability.CAP_SYS_CHROOT);

    public static final CapabilitySet DEFAULT = of(BASE);

    /** The default with a change. */
    public static CapabilitySet changed(CapabilityChange change) {
        return of(change.of(BASE));
    }

    /**
     * Checks that who starts a container can give what is asked for by name; {@code ALL} means what there is.
     *
     * @param held the starting process's own set
     * @throws BrockerException.CannotStart naming the first one that is not there to be given
     */
    public static void requireHeld(CapabilityChange change, CapabilitySet held) {
        for (CapabilityName name : change.add()) {
            if (!name.isAll() && !held.contains(name)) {
                throw new BrockerException.CannotStart(
                        "capability-not-held",
                        "cannot add \"" + name + "\": brockerd does not have it itself",
                        "start brockerd with it, or remove it from \"capabilities\"");
            }
        }
    }

    private static CapabilitySet of(Set<Capability> capabilities) {
        return new CapabilitySet(
                capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b));
    }

    public boolean has(Capability capability) {
        return (bits & capability.bit()) != 0;
    }

    /** Whether all that the name stands for is in it. */
    public boolean contains(CapabilityName name) {
        return name.members().stream().allMatch(this::has);
    }

    /** The mask as {@code brocker-run} takes it. */
    public String hex() {
        return Long.toHexString(bits);
    }
}
