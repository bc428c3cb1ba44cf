package brocker.runtime.privilege;

import brocker.kernel.Errno;
import brocker.kernel.KernelException;
import brocker.kernel.SeccompFilter;
import brocker.kernel.SeccompFilter.Comparison;
import brocker.spec.BrockerException;
import brocker.spec.SeccompAction;
import brocker.spec.SeccompArchMap;
import brocker.spec.SeccompArchitecture;
import brocker.spec.SeccompArgument;
import brocker.spec.SeccompCondition;
import brocker.spec.SeccompProfile;
import brocker.spec.SeccompRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a filter of a profile, as runc does: rules whose conditions do not hold and system calls that libseccomp does not know are passed
 * over; system calls newer than all that the profile names, and than Linux 5.10, fail with ENOSYS, so that programs fall back to what
 * they knew before.
 * One compilation at a time.
 *
 * @param kernel the host's version
 */
record SeccompCompiler(Architecture architecture, KernelVersion kernel) {
    /** The most instructions that the kernel, and {@code brocker-run}, take; BPF_MAXINSNS. */
    private static final int MOST_INSTRUCTIONS = 4096;

    /** process_madvise(2). What every kernel that Brocker runs on has, no profile takes for new; the number is everywhere the same. */
    private static final int NEWEST_OF_LINUX_5_10 = 440;

    private static final int EPERM = 1;

    /** A search tree instead of a list: a dozen comparisons for a system call instead of hundreds. */
    private static final int BINARY_TREE = 2;

    /**
     * The program for a command with these capabilities.
     *
     * @return an array of {@code struct sock_filter}
     * @throws BrockerException.Invalid when the profile cannot be followed
     * @throws brocker.kernel.MissingLibraryException when the host has no libseccomp
     */
    byte[] compile(SeccompProfile profile, CapabilitySet capabilities) {
        List<SeccompRule> rules = profile.syscalls().stream()
                .filter(rule -> holds(rule, capabilities))
                .toList();
        requireExecutable(profile, rules);
        int fallback = code(profile.defaultAction(), profile.defaultErrnoRet().orElse(EPERM));
        try (SeccompFilter filter = SeccompFilter.seccomp_init(fallback)) {
            filter.seccomp_attr_set(SeccompFilter.SCMP_FLTATR_ACT_BADARCH, SeccompFilter.SECCOMP_RET_KILL_PROCESS);
            optimize(filter);
            addArchitectures(filter, profile);
            int highest = SeccompFilter.NR_SCMP_ERROR;
            for (SeccompRule rule : rules) {
                highest = Math.max(highest, add(filter, rule, fallback));
            }
            if (highest == SeccompFilter.NR_SCMP_ERROR && !rules.isEmpty()) {
                throw invalid(
                        "no system call that the seccomp profile names is known", "write them as syscalls(2) does");
            }
            byte[] program = filter.seccomp_export_bpf();
            int known = Math.max(highest, NEWEST_OF_LINUX_5_10);
            return limited(
                    allows(profile.defaultAction())
                            ? program
                            : NewerCalls.refused(program, architecture.token(), known));
        }
    }

    /** libseccomp 2.5; an older one makes a longer program. */
    private static void optimize(SeccompFilter filter) {
        try {
            filter.seccomp_attr_set(SeccompFilter.SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.EINVAL)) {
                throw e;
            }
        }
    }

    private void addArchitectures(SeccompFilter filter, SeccompProfile profile) {
        Stream<SeccompArchitecture> mapped = profile.archMap().stream()
                .filter(map -> map.architecture() == architecture.own())
                .map(SeccompArchMap::subArchitectures)
                .flatMap(List::stream);
        Stream.concat(profile.architectures().stream(), mapped)
                .flatMapToInt(other -> architecture.token(other).stream())
                .filter(token -> !filter.seccomp_arch_exist(token))
                .forEach(filter::seccomp_arch_add);
    }

    /** The highest number among the rule's system calls, NR_SCMP_ERROR where none is known. */
    private static int add(SeccompFilter filter, SeccompRule rule, int fallback) {
        int action = code(rule.action(), rule.errnoRet().orElse(EPERM));
        int highest = SeccompFilter.NR_SCMP_ERROR;
        for (String name : rule.calls()) {
            int number = SeccompFilter.seccomp_syscall_resolve_name(name);
            highest = Math.max(highest, number);
            if (number != SeccompFilter.NR_SCMP_ERROR && action != fallback) {
                add(filter, name, number, action, rule.args());
            }
        }
        return highest;
    }

    private static void add(
            SeccompFilter filter, String name, int number, int action, List<SeccompArgument> arguments) {
        List<Comparison> comparisons =
                arguments.stream().map(SeccompCompiler::comparison).toList();
        long different =
                comparisons.stream().map(Comparison::argument).distinct().count();
        try {
            if (different == comparisons.size()) {
                filter.seccomp_rule_add_array(action, number, comparisons);
            } else {
                for (Comparison comparison : comparisons) {
                    filter.seccomp_rule_add_array(action, number, List.of(comparison));
                }
            }
        } catch (KernelException e) {
            throw invalid(
                    "the seccomp profile's rules for \"" + name + "\" cannot be followed: " + e.getMessage(),
                    "see that they do not contradict each other");
        }
    }

    private static Comparison comparison(SeccompArgument argument) {
        int operator = switch (argument.op()) {
            case NE -> SeccompFilter.SCMP_CMP_NE;
            case LT -> SeccompFilter.SCMP_CMP_LT;
            case LE -> SeccompFilter.SCMP_CMP_LE;
            case EQ -> SeccompFilter.SCMP_CMP_EQ;
            case GE -> SeccompFilter.SCMP_CMP_GE;
            case GT -> SeccompFilter.SCMP_CMP_GT;
            case MASKED_EQ -> SeccompFilter.SCMP_CMP_MASKED_EQ;
        };
        long second = argument.valueTwo().map(Number::longValue).orElse(0L);
        return new Comparison(argument.index(), operator, argument.value().longValue(), second);
    }

    private static int code(SeccompAction action, int errno) {
        return switch (action) {
            case KILL, KILL_THREAD -> SeccompFilter.SECCOMP_RET_KILL_THREAD;
            case KILL_PROCESS -> SeccompFilter.SECCOMP_RET_KILL_PROCESS;
            case TRAP -> SeccompFilter.SECCOMP_RET_TRAP;
            case ERRNO -> SeccompFilter.SECCOMP_RET_ERRNO | errno;
            case LOG -> SeccompFilter.SECCOMP_RET_LOG;
            case ALLOW -> SeccompFilter.SECCOMP_RET_ALLOW;
        };
    }

    private boolean holds(SeccompRule rule, CapabilitySet capabilities) {
        SeccompCondition includes = rule.includesOrNone();
        SeccompCondition excludes = rule.excludesOrNone();
        boolean excluded = excludes.arches().contains(architecture.docker())
                || excludes.caps().stream().anyMatch(capabilities::contains)
                || excludes.minKernel().filter(kernel::isAtLeast).isPresent();
        return !excluded
                && (includes.arches().isEmpty() || includes.arches().contains(architecture.docker()))
                && includes.caps().stream().allMatch(capabilities::contains)
                && includes.minKernel()
                        .filter(version -> !kernel.isAtLeast(version))
                        .isEmpty();
    }

    /** The filter is there before the command is, so it has to let it in. */
    private static void requireExecutable(SeccompProfile profile, List<SeccompRule> rules) {
        boolean allowed = allows(profile.defaultAction())
                || rules.stream()
                        .anyMatch(rule -> allows(rule.action()) && rule.calls().contains("execve"));
        if (!allowed) {
            throw invalid("the seccomp profile does not allow \"execve\", by which the command is started", "allow it");
        }
    }

    private static boolean allows(SeccompAction action) {
        return action == SeccompAction.ALLOW || action == SeccompAction.LOG;
    }

    private static byte[] limited(byte[] program) {
        int instructions = program.length / SeccompFilter.INSTRUCTION;
        if (instructions > MOST_INSTRUCTIONS) {
            throw invalid(
                    "the seccomp profile makes a filter of " + instructions + " instructions, and the kernel takes "
                            + MOST_INSTRUCTIONS,
                    "write fewer rules, or allow fewer architectures");
        }
        return program;
    }

    private static BrockerException.Invalid invalid(String message, String hint) {
        return new BrockerException.Invalid("invalid-seccomp", message, hint);
    }
}
