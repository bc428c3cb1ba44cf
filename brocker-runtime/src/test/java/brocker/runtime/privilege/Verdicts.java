package brocker.runtime.privilege;

import brocker.kernel.SeccompFilter;
import brocker.spec.CapabilityChange;
import brocker.spec.CapabilityName;
import brocker.spec.SeccompProfile;
import brocker.spec.json.Json;
import java.util.List;
import java.util.stream.Stream;

/** What a profile says of system calls, by the filter that is made of it. */
record Verdicts(BpfMachine machine, Architecture architecture) {
    static final int ALLOW = SeccompFilter.SECCOMP_RET_ALLOW;
    static final int EPERM = errno(1);
    static final int ENOSYS = errno(38);

    static int errno(int number) {
        return SeccompFilter.SECCOMP_RET_ERRNO | number;
    }

    /** With the default capabilities and those named. */
    static Verdicts of(SeccompProfile profile, String... added) {
        Architecture host = Architecture.host();
        byte[] program = new SeccompCompiler(host, KernelVersion.host()).compile(profile, capabilities(added));
        return new Verdicts(new BpfMachine(program), host);
    }

    static Verdicts of(String profile, String... added) {
        return of(Json.read("p.json", profile, SeccompProfile.class), added);
    }

    static CapabilitySet capabilities(String... added) {
        List<CapabilityName> names = Stream.of(added).map(CapabilityName::new).toList();
        return CapabilitySet.changed(new CapabilityChange(names, List.of()));
    }

    /** Of a call of this machine's own kind. */
    int say(String name, long... arguments) {
        int number = SeccompFilter.seccomp_syscall_resolve_name(name);
        if (number < 0) {
            throw new AssertionError("no system call \"" + name + '"');
        }
        return machine.run(architecture.token(), number, arguments);
    }

    boolean allows(int number, long... arguments) {
        return machine.run(architecture.token(), number, arguments) == ALLOW;
    }
}
