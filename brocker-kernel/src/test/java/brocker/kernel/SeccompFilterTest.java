package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.kernel.SeccompFilter.Comparison;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SeccompFilterTest {
    private static final int EPERM = SeccompFilter.SECCOMP_RET_ERRNO | 1;
    private static final short BPF_RET_K = 0x06;

    private static SeccompFilter allowing(String... names) {
        SeccompFilter filter = SeccompFilter.seccomp_init(EPERM);
        for (String name : names) {
            int number = SeccompFilter.seccomp_syscall_resolve_name(name);
            filter.seccomp_rule_add_array(SeccompFilter.SECCOMP_RET_ALLOW, number, List.of());
        }
        return filter;
    }

    /** What a program can return: the operands of its return instructions. */
    private static Set<Integer> verdicts(byte[] program) {
        ByteBuffer buffer = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        Set<Integer> verdicts = new HashSet<>();
        while (buffer.hasRemaining()) {
            // struct sock_filter: u16 code, u8 jt, u8 jf, u32 k
            short code = buffer.getShort();
            buffer.getShort();
            int operand = buffer.getInt();
            if (code == BPF_RET_K) {
                verdicts.add(operand);
            }
        }
        return verdicts;
    }

    @Test
    void theLibraryIsNewEnough() {
        assertThat(SeccompFilter.seccomp_version()).matches("2\\.([4-9]|[1-9]\\d+)\\.\\d+");
    }

    @Test
    void namesHaveTheNumbersOfThisArchitecture() {
        int getpid = LibC.AARCH64 ? 172 : 39;
        assertThat(SeccompFilter.seccomp_syscall_resolve_name("getpid")).isEqualTo(getpid);
        assertThat(SeccompFilter.seccomp_syscall_resolve_name("getpit")).isEqualTo(SeccompFilter.NR_SCMP_ERROR);
        assertThat(SeccompFilter.seccomp_syscall_resolve_name("socketcall"))
                .as("a call that only 32 bit architectures have")
                .isLessThan(SeccompFilter.NR_SCMP_ERROR);
    }

    @Test
    void programIsWholeInstructionsThatReturnWhatTheRulesSay() {
        try (SeccompFilter filter = allowing("read", "write")) {
            byte[] program = filter.seccomp_export_bpf();
            assertThat(program.length).isPositive();
            assertThat(program.length % SeccompFilter.INSTRUCTION).isZero();
            assertThat(verdicts(program)).contains(EPERM, SeccompFilter.SECCOMP_RET_ALLOW);
            assertThat(filter.seccomp_export_bpf()).as("exported again").isEqualTo(program);
        }
    }

    @Test
    void argumentsReachTheLibraryAsTheyAreLaidOut() {
        int number = SeccompFilter.seccomp_syscall_resolve_name("personality");
        try (SeccompFilter filter = SeccompFilter.seccomp_init(EPERM)) {
            filter.seccomp_rule_add_array(
                    SeccompFilter.SECCOMP_RET_ALLOW,
                    number,
                    List.of(
                            new Comparison(0, SeccompFilter.SCMP_CMP_EQ, 0x1234_5678_0bad_cafeL, 0),
                            new Comparison(5, SeccompFilter.SCMP_CMP_MASKED_EQ, 0x0f0fL, 0x0505L)));
            ByteBuffer program = ByteBuffer.wrap(filter.seccomp_export_bpf()).order(ByteOrder.nativeOrder());
            Set<Integer> operands = new HashSet<>();
            for (int at = 0; at < program.limit(); at += SeccompFilter.INSTRUCTION) {
                operands.add(program.getInt(at + 4));
            }
            // Offsets in struct seccomp_data: args[0] at 16, args[5] at 56, halves in the order of this machine.
            assertThat(operands).contains(0x1234_5678, 0x0bad_cafe, 0x0f0f, 0x0505, 16, 20, 56);
        }
    }

    @Test
    void anotherArchitectureMakesTheProgramLonger() {
        try (SeccompFilter alone = allowing("read");
                SeccompFilter both = allowing()) {
            int other = LibC.AARCH64 ? SeccompFilter.AUDIT_ARCH_ARM : SeccompFilter.AUDIT_ARCH_I386;
            assertThat(both.seccomp_arch_exist(other)).isFalse();
            both.seccomp_arch_add(other);
            assertThat(both.seccomp_arch_exist(other)).isTrue();
            int read = SeccompFilter.seccomp_syscall_resolve_name("read");
            both.seccomp_rule_add_array(SeccompFilter.SECCOMP_RET_ALLOW, read, List.of());
            assertThat(both.seccomp_export_bpf().length).isGreaterThan(alone.seccomp_export_bpf().length);
        }
    }

    @Test
    void wrongCallsFailWithTheErrnoThatTheLibraryReturned() {
        try (SeccompFilter filter = allowing()) {
            assertThatThrownBy(() -> filter.seccomp_arch_add(4711))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("seccomp_arch_add(\"1267\"): EINVAL (invalid argument)");
            assertThatThrownBy(() -> filter.seccomp_attr_set(4711, 1))
                    .hasMessageContaining("seccomp_attr_set(4711): EINVAL");
            assertThatThrownBy(() -> filter.seccomp_rule_add_array(EPERM, 0, List.of()))
                    .hasMessageStartingWith("seccomp_rule_add_array(0): EACCES");
            assertThatThrownBy(() -> SeccompFilter.seccomp_init(0x00010000))
                    .hasMessageContaining("seccomp_init(10000)");
        }
    }

    @Test
    void filtersThatWereReleasedLeaveNoDescriptors() throws Exception {
        try (SeccompFilter filter = allowing("read")) {
            filter.seccomp_export_bpf();
        }
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.map(Path::toFile).map(file -> {
                        try {
                            return file.getCanonicalPath();
                        } catch (java.io.IOException _) {
                            return "gone";
                        }
                    }))
                    .noneMatch(target -> target.contains("seccomp-filter"));
        }
    }
}
