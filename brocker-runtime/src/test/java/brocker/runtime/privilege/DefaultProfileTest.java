package brocker.runtime.privilege;

import static brocker.runtime.privilege.Verdicts.ALLOW;
import static brocker.runtime.privilege.Verdicts.ENOSYS;
import static brocker.runtime.privilege.Verdicts.EPERM;
import static brocker.runtime.privilege.Verdicts.errno;
import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.SeccompFilter;
import brocker.spec.Capability;
import brocker.spec.SeccompProfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is allowed where a container's file does not speak of it. */
final class DefaultProfileTest {
    private static final SeccompProfile PROFILE = SeccompFilters.standardProfile();
    private static final int HIGHEST = 600;
    private static final int X32 = 0x40000000;

    /** Rows in which the kernel has a capability of its own since 5.8 and Docker's 20.10 still asks for CAP_SYS_ADMIN. */
    private static final Map<Capability, String> OF_THEIR_OWN =
            Map.of(Capability.CAP_BPF, "bpf", Capability.CAP_PERFMON, "perf_event_open");

    /** What no call of a table needs, and some that matter: of flags, of families, of personalities. */
    private static final List<long[]> ARGUMENTS = List.of(
            new long[] {0, 0, 0},
            new long[] {1, 1, 0},
            new long[] {2, 1, 0},
            new long[] {8, 0, 0},
            new long[] {10, 2, 0},
            new long[] {16, 3, 0},
            new long[] {16, 3, 9},
            new long[] {16, 3, 12},
            new long[] {17, 3, 0},
            new long[] {38, 5, 0},
            new long[] {40, 1, 0},
            new long[] {0x00020000, 0, 0},
            new long[] {0x00020008, 0, 0},
            new long[] {0x10000000, 0, 0},
            new long[] {0x20000000 | 17, 0, 0},
            new long[] {0x7e020000, 0, 0},
            new long[] {0x003d0f00, 0, 0},
            new long[] {0xffffffffL, 0, 0},
            new long[] {-1, -1, -1});

    /** A row of Docker's table. */
    private record Row(List<String> conditions) {
        boolean holds(CapabilitySet capabilities, long[] arguments) {
            return conditions.stream().allMatch(condition -> {
                String[] words = condition.split(" ", -1);
                return switch (words.length) {
                    case 1 ->
                        (capabilities.bits() & Capability.valueOf(words[0]).bit()) != 0;
                    case 2 ->
                        (capabilities.bits() & Capability.valueOf(words[1]).bit()) == 0;
                    case 3 -> arguments[argument(words)] == Long.parseUnsignedLong(words[2]);
                    case 5 -> (arguments[argument(words)] & Long.parseLong(words[2])) == Long.parseLong(words[4]);
                    default -> throw new AssertionError(condition);
                };
            });
        }

        private static int argument(String[] words) {
            return Integer.parseInt(words[0].substring("arg".length()));
        }
    }

    /** Docker's rows by the number of the system call on this machine. */
    private static Map<Integer, List<Row>> docker() {
        Map<Integer, List<Row>> rows = new HashMap<>();
        try (InputStream in =
                Objects.requireNonNull(DefaultProfileTest.class.getResourceAsStream("docker-20.10.24.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    String[] parts = line.split(" if ", -1);
                    Row row = new Row(parts.length == 1 ? List.of() : List.of(parts[1].split(" and ", -1)));
                    rows.computeIfAbsent(
                                    SeccompFilter.seccomp_syscall_resolve_name(parts[0]),
                                    _ -> new java.util.ArrayList<>())
                            .add(row);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return rows;
    }

    /** What ours allows and Docker's does not, as "number arguments". */
    private static Set<String> beyondDocker(String... added) {
        Map<Integer, List<Row>> docker = docker();
        assertThat(docker).hasSizeGreaterThan(300);
        Verdicts ours = Verdicts.of(PROFILE, added);
        CapabilitySet capabilities = Verdicts.capabilities(added);
        Set<String> beyond = new TreeSet<>();
        int allowed = 0;
        for (int number = 0; number <= HIGHEST; number++) {
            for (long[] arguments : ARGUMENTS) {
                if (ours.allows(number, arguments)) {
                    allowed++;
                    if (docker.getOrDefault(number, List.of()).stream()
                            .noneMatch(row -> row.holds(capabilities, arguments))) {
                        beyond.add(number + " " + Arrays.toString(arguments));
                    }
                }
            }
        }
        assertThat(allowed).as("calls that ours allows").isGreaterThan(200 * ARGUMENTS.size());
        return beyond;
    }

    @Test
    void nothingIsAllowedThatDockerRefuses() {
        assertThat(beyondDocker()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Capability.class)
    void noCapabilityOpensMoreThanItDoesInDocker(Capability capability) {
        Set<String> beyond = beyondDocker(capability.name());

        if (OF_THEIR_OWN.containsKey(capability)) {
            int number = SeccompFilter.seccomp_syscall_resolve_name(OF_THEIR_OWN.get(capability));
            assertThat(beyond).isNotEmpty().allMatch(call -> call.startsWith(number + " "));
        } else {
            assertThat(beyond).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acct",
                "add_key",
                "adjtimex",
                "bpf",
                "clock_adjtime",
                "clock_settime",
                "delete_module",
                "fanotify_init",
                "fanotify_mark",
                "finit_module",
                "fsconfig",
                "fsmount",
                "fsopen",
                "fspick",
                "init_module",
                "io_uring_enter",
                "io_uring_register",
                "io_uring_setup",
                "kcmp",
                "kexec_file_load",
                "kexec_load",
                "keyctl",
                "lookup_dcookie",
                "mbind",
                "migrate_pages",
                "mount",
                "mount_setattr",
                "move_mount",
                "move_pages",
                "name_to_handle_at",
                "nfsservctl",
                "open_by_handle_at",
                "open_tree",
                "perf_event_open",
                "pidfd_getfd",
                "pivot_root",
                "process_madvise",
                "process_vm_readv",
                "process_vm_writev",
                "ptrace",
                "quotactl",
                "quotactl_fd",
                "reboot",
                "remap_file_pages",
                "request_key",
                "setdomainname",
                "sethostname",
                "setns",
                "settimeofday",
                "swapoff",
                "swapon",
                "syslog",
                "umount2",
                "unshare",
                "userfaultfd",
                "vhangup",
                "vmsplice"
            })
    void whatAnApplicationDoesNotNeedIsNotPermitted(String name) {
        assertThat(Verdicts.of(PROFILE).say(name)).isEqualTo(EPERM);
    }

    @Test
    void noCapabilityOpensWhatNobodyNeeds() {
        Verdicts verdicts = Verdicts.of(PROFILE, "ALL");

        for (String name :
                List.of("io_uring_setup", "keyctl", "add_key", "userfaultfd", "kexec_load", "swapon", "pivot_root")) {
            assertThat(verdicts.say(name)).as(name).isEqualTo(EPERM);
        }
        assertThat(verdicts.say("clone3")).isEqualTo(ENOSYS);
    }

    @Test
    void administratorsCapabilityDoesNotOpenWhatHasACapabilityOfItsOwn() {
        Verdicts verdicts = Verdicts.of(PROFILE, "SYS_ADMIN");

        for (String name :
                List.of("bpf", "perf_event_open", "syslog", "ptrace", "reboot", "init_module", "lookup_dcookie")) {
            assertThat(verdicts.say(name)).as(name).isEqualTo(EPERM);
        }
        for (String name : List.of("mount", "umount2", "unshare", "setns", "sethostname")) {
            assertThat(verdicts.say(name)).as(name).isEqualTo(ALLOW);
        }
    }

    @Test
    void threadsAndProcessesAreMadeWithoutNamespaces() {
        Verdicts verdicts = Verdicts.of(PROFILE);

        assertThat(verdicts.say("clone", 0x003d0f00)).as("a thread").isEqualTo(ALLOW);
        assertThat(verdicts.say("clone", 17)).as("fork").isEqualTo(ALLOW);
        for (long flag :
                new long[] {0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000}) {
            assertThat(verdicts.say("clone", flag | 17))
                    .as(Long.toHexString(flag))
                    .isEqualTo(EPERM);
        }
        assertThat(verdicts.say("clone3")).as("the C library then uses clone").isEqualTo(ENOSYS);
    }

    @Test
    void socketsAreThoseOfTheNetworkAndOfThisHost() {
        Verdicts verdicts = Verdicts.of(PROFILE);

        assertThat(verdicts.say("socket", 1, 1, 0)).as("AF_UNIX").isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 2, 1, 0)).as("AF_INET").isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 10, 1, 6)).as("AF_INET6").isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 16, 3, 0)).as("NETLINK_ROUTE").isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 16, 3, 12)).as("NETLINK_NETFILTER").isEqualTo(EPERM);
        assertThat(verdicts.say("socket", 16, 3, 9)).as("NETLINK_AUDIT").isEqualTo(errno(93));
        for (long family : new long[] {0, 3, 4, 9, 11, 17, 21, 29, 31, 38, 40, 44, 45}) {
            assertThat(verdicts.say("socket", family, 1, 0))
                    .as("family " + family)
                    .isEqualTo(EPERM);
        }
        assertThat(verdicts.say("socketpair", 1, 1, 0)).isEqualTo(ALLOW);
        assertThat(verdicts.say("socketpair", 30, 1, 0)).isEqualTo(EPERM);
        assertThat(Verdicts.of(PROFILE, "NET_RAW").say("socket", 17, 3, 0)).isEqualTo(ALLOW);
        assertThat(Verdicts.of(PROFILE, "NET_ADMIN").say("socket", 16, 3, 12)).isEqualTo(ALLOW);
        assertThat(Verdicts.of(PROFILE, "AUDIT_WRITE").say("socket", 16, 3, 9)).isEqualTo(ALLOW);
    }

    @Test
    void personalityIsAskedForAndNotChanged() {
        Verdicts verdicts = Verdicts.of(PROFILE);

        assertThat(verdicts.say("personality", 0)).isEqualTo(ALLOW);
        assertThat(verdicts.say("personality", 0xffffffffL)).isEqualTo(ALLOW);
        assertThat(verdicts.say("personality", 0x0040000))
                .as("ADDR_NO_RANDOMIZE")
                .isEqualTo(EPERM);
        assertThat(verdicts.say("personality", 8)).as("PER_LINUX32").isEqualTo(EPERM);
    }

    @Test
    void thirtyTwoBitCallsKillTheProcess() {
        Verdicts verdicts = Verdicts.of(PROFILE);

        for (int number : new int[] {0, 1, 4, 20, 102, 120}) {
            assertThat(verdicts.machine().run(SeccompFilter.AUDIT_ARCH_I386, number))
                    .isEqualTo(SeccompFilter.SECCOMP_RET_KILL_PROCESS);
            assertThat(verdicts.machine().run(SeccompFilter.AUDIT_ARCH_ARM, number))
                    .isEqualTo(SeccompFilter.SECCOMP_RET_KILL_PROCESS);
            if (verdicts.architecture() == Architecture.AMD64) {
                assertThat(verdicts.machine().run(SeccompFilter.AUDIT_ARCH_X86_64, X32 | number))
                        .isEqualTo(SeccompFilter.SECCOMP_RET_KILL_PROCESS);
            }
        }
    }

    @Test
    void callsOfLaterKernelsAreNotImplemented() {
        Verdicts verdicts = Verdicts.of(PROFILE);

        for (int number = 450; number <= HIGHEST; number++) {
            assertThat(verdicts.machine().run(verdicts.architecture().token(), number))
                    .as("system call " + number)
                    .isEqualTo(ENOSYS);
        }
    }

    @Test
    void everyNameOfTheProfileIsASystemCall() {
        List<String> names = PROFILE.syscalls().stream()
                .flatMap(rule -> rule.calls().stream())
                .toList();

        assertThat(names)
                .hasSizeGreaterThan(270)
                .allSatisfy(name -> assertThat(SeccompFilter.seccomp_syscall_resolve_name(name))
                        .as(name)
                        .isNotEqualTo(SeccompFilter.NR_SCMP_ERROR));
    }
}
