package brocker.runtime.privilege;

import static brocker.runtime.privilege.Verdicts.ALLOW;
import static brocker.runtime.privilege.Verdicts.ENOSYS;
import static brocker.runtime.privilege.Verdicts.EPERM;
import static brocker.runtime.privilege.Verdicts.errno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.SeccompFilter;
import brocker.spec.BrockerException;
import brocker.spec.Seccomp;
import brocker.spec.SeccompProfile;
import brocker.spec.json.Json;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeccompCompilerTest {
    private static final String EXECVE = "{\"names\": [\"execve\"], \"action\": \"SCMP_ACT_ALLOW\"}";
    private static final int FUTURE = 700;

    private static String refusing(String rules) {
        return "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [" + EXECVE + "," + rules + "]}";
    }

    private static String allowing(String rules) {
        return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [" + rules + "]}";
    }

    private static BrockerException.Invalid refusal(String profile) {
        BrockerException.Invalid refusal =
                catchThrowableOfType(BrockerException.Invalid.class, () -> Verdicts.of(profile));
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.code()).isEqualTo("invalid-seccomp");
        return refusal;
    }

    @ParameterizedTest
    @CsvSource({
        "SCMP_ACT_ALLOW,0x7fff0000",
        "SCMP_ACT_LOG,0x7ffc0000",
        "SCMP_ACT_TRAP,0x00030000",
        "SCMP_ACT_ERRNO,0x00050001",
        "SCMP_ACT_KILL,0x00000000",
        "SCMP_ACT_KILL_THREAD,0x00000000",
        "SCMP_ACT_KILL_PROCESS,0x80000000"
    })
    void everyActionIsTheKernels(String action, String code) {
        Verdicts verdicts =
                Verdicts.of("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 5, \"syscalls\": [" + EXECVE
                        + ", {\"names\": [\"getpid\"], \"action\": \"" + action + "\"}]}");

        assertThat(verdicts.say("getpid")).isEqualTo(Integer.parseUnsignedInt(code.substring(2), 16));
        assertThat(verdicts.say("getppid")).isEqualTo(errno(5));
    }

    @Test
    void errnoIsTheRulesOwn() {
        Verdicts verdicts =
                Verdicts.of(allowing("{\"names\": [\"getpid\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 111}"));

        assertThat(verdicts.say("getpid")).isEqualTo(errno(111));
        assertThat(verdicts.say("getppid")).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @CsvSource({
        "NE,7,,6 8 4294967303,7",
        "LT,7,,0 6,7 8 -1",
        "LE,7,,0 7,8 -1",
        "EQ,7,,7,6 8 4294967303",
        "GE,7,,7 8 -1,0 6",
        "GT,7,,8 -1,0 7",
        "MASKED_EQ,240,32,32 47 32801,0 48 16",
        "EQ,18446744073709551615,,-1,4294967295 0"
    })
    void argumentsAreComparedAs64BitsWithoutSign(String operator, String value, String second, String yes, String no) {
        String two = second == null ? "" : ", \"valueTwo\": " + second;
        Verdicts verdicts = Verdicts.of(refusing("{\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\","
                + " \"args\": [{\"index\": 1, \"value\": " + value + two + ", \"op\": \"SCMP_CMP_" + operator
                + "\"}]}"));

        for (String argument : yes.split(" ", -1)) {
            assertThat(verdicts.say("personality", 0, Long.parseLong(argument))).isEqualTo(ALLOW);
        }
        for (String argument : no.split(" ", -1)) {
            assertThat(verdicts.say("personality", 7, Long.parseLong(argument))).isEqualTo(EPERM);
        }
    }

    @Test
    void conditionsOnSeveralArgumentsHoldTogether() {
        Verdicts verdicts = Verdicts.of(refusing("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
                + "{\"index\": 0, \"value\": 16, \"op\": \"SCMP_CMP_EQ\"},"
                + "{\"index\": 2, \"value\": 0, \"op\": \"SCMP_CMP_EQ\"}]}"));

        assertThat(verdicts.say("socket", 16, 3, 0)).isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 16, 3, 9)).isEqualTo(EPERM);
        assertThat(verdicts.say("socket", 2, 3, 0)).isEqualTo(EPERM);
    }

    @Test
    void oneOfTheConditionsOnTheSameArgumentHolds() {
        Verdicts verdicts = Verdicts.of(refusing("{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
                + "{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},"
                + "{\"index\": 0, \"value\": 2, \"op\": \"SCMP_CMP_EQ\"}]}"));

        assertThat(verdicts.say("socket", 1)).isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 2)).isEqualTo(ALLOW);
        assertThat(verdicts.say("socket", 3)).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "includes": {"caps": ["CAP_SYS_CHROOT"]}                     | true
            "includes": {"caps": ["CAP_SYS_CHROOT", "CAP_SYS_TIME"]}     | false
            "includes": {"caps": ["CAP_SYS_TIME"]}                       | false
            "excludes": {"caps": ["CAP_SYS_TIME"]}                       | true
            "excludes": {"caps": ["CAP_SYS_TIME", "CAP_SYS_CHROOT"]}     | false
            "includes": {"arches": ["amd64", "arm64"]}                   | true
            "includes": {"arches": ["s390x"]}                            | false
            "excludes": {"arches": ["s390x"]}                            | true
            "excludes": {"arches": ["s390x", "amd64", "arm64"]}          | false
            "includes": {"minKernel": "3.99"}                            | true
            "includes": {"minKernel": "9999.0"}                          | false
            "excludes": {"minKernel": "3.99"}                            | false
            "excludes": {"minKernel": "9999.0"}                          | true
            "includes": {}, "excludes": {}                               | true
            """)
    void ruleCountsWhenItsConditionsHold(String condition, boolean counts) {
        Verdicts verdicts =
                Verdicts.of(refusing("{\"names\": [\"chroot\"], \"action\": \"SCMP_ACT_ALLOW\", " + condition + "}"));

        assertThat(verdicts.say("chroot")).isEqualTo(counts ? ALLOW : EPERM);
    }

    @ParameterizedTest
    @CsvSource({"6.18.44-fc,6.18,true", "6.18.44,6.19,false", "6.18,5.99,true", "6.9,6.10,false", "10.0,9.9,true"})
    void kernelsAreComparedByNumbers(String host, String least, boolean enough) {
        assertThat(KernelVersion.parse(host).isAtLeast(least)).isEqualTo(enough);
    }

    @Test
    void callsNewerThanTheProfileAreNotImplemented() {
        Verdicts verdicts = Verdicts.of(refusing("{\"names\": [\"mount_setattr\"], \"action\": \"SCMP_ACT_ALLOW\"}"));
        int token = verdicts.architecture().token();
        int mountSetattr = SeccompFilter.seccomp_syscall_resolve_name("mount_setattr");

        assertThat(verdicts.machine().run(token, mountSetattr)).isEqualTo(ALLOW);
        assertThat(verdicts.machine().run(token, mountSetattr - 1)).isEqualTo(EPERM);
        assertThat(verdicts.machine().run(token, mountSetattr + 1)).isEqualTo(ENOSYS);
        assertThat(verdicts.machine().run(token, FUTURE)).isEqualTo(ENOSYS);
        int processMadvise = SeccompFilter.seccomp_syscall_resolve_name("process_madvise");
        BpfMachine small = Verdicts.of(refusing("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}"))
                .machine();
        assertThat(small.run(token, processMadvise)).as("of Linux 5.10").isEqualTo(EPERM);
        assertThat(small.run(token, processMadvise + 1)).isEqualTo(ENOSYS);
        assertThat(Verdicts.of(allowing("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ERRNO\"}"))
                        .machine()
                        .run(token, FUTURE))
                .as("where everything else is allowed")
                .isEqualTo(ALLOW);
    }

    @Test
    void foreignArchitecturesAreKilledUnlessTheProfileNamesThem() {
        Verdicts alone = Verdicts.of(refusing("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}"));
        boolean amd64 = alone.architecture() == Architecture.AMD64;
        int foreign = amd64 ? SeccompFilter.AUDIT_ARCH_I386 : SeccompFilter.AUDIT_ARCH_ARM;
        int read = 3; // on both
        String rest = ", \"syscalls\": [" + EXECVE + ", {\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}]}";
        String listed = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\","
                + " \"SCMP_ARCH_X86\", \"SCMP_ARCH_ARM\", \"SCMP_ARCH_S390X\"]" + rest;
        String mapped = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": ["
                + "{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X86\"]},"
                + "{\"architecture\": \"SCMP_ARCH_AARCH64\", \"subArchitectures\": [\"SCMP_ARCH_ARM\"]}]" + rest;

        assertThat(alone.machine().run(foreign, read)).isEqualTo(SeccompFilter.SECCOMP_RET_KILL_PROCESS);
        assertThat(Verdicts.of(listed).machine().run(foreign, read)).isEqualTo(ALLOW);
        assertThat(Verdicts.of(mapped).machine().run(foreign, read)).isEqualTo(ALLOW);
        assertThat(Verdicts.of(mapped).machine().run(foreign, read + 1)).isEqualTo(EPERM);
    }

    @Test
    void unknownNamesArePassedOver() {
        Verdicts verdicts = Verdicts.of(
                refusing("{\"names\": [\"raed\", \"socketcall\", \"read\"], \"action\": \"SCMP_ACT_ALLOW\"}"));

        assertThat(verdicts.say("read")).isEqualTo(ALLOW);
    }

    @Test
    void profileOfUnknownNamesAloneIsRefused() {
        assertThat(refusal(allowing("{\"names\": [\"raed\", \"wriet\"], \"action\": \"SCMP_ACT_ERRNO\"}"))
                        .message())
                .isEqualTo("no system call that the seccomp profile names is known");
        assertThat(Verdicts.of(allowing("")).say("read")).as("without any rule").isEqualTo(ALLOW);
    }

    @Test
    void profileThatNoCommandCouldStartUnderIsRefused() {
        assertThat(refusal("{\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\"}").message())
                .isEqualTo("the seccomp profile does not allow \"execve\", by which the command is started");
        String included =
                "{\"names\": [\"execve\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"BPF\"]}}";
        assertThat(refusal("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [" + included + "]}")
                        .message())
                .contains("does not allow \"execve\"");
    }

    @Test
    void filterThatIsTooLongIsRefused() {
        String rules = IntStream.range(0, 5000)
                .mapToObj(value -> "{\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 1,"
                        + " \"value\": " + (value * 65537L) + ", \"op\": \"SCMP_CMP_EQ\"}]}")
                .collect(Collectors.joining(","));

        assertThat(refusal(refusing(rules)).message())
                .matches("the seccomp profile makes a filter of \\d{4,} instructions, and the kernel takes 4096");
    }

    @Test
    void sameFilterIsCompiledOnceForTheSameCapabilities() {
        SeccompFilters filters = SeccompFilters.open();
        String text =
                filters.filter(new Seccomp.Default(), CapabilitySet.DEFAULT).orElseThrow();

        assertThat(filters.filter(new Seccomp.Default(), CapabilitySet.DEFAULT))
                .get()
                .isSameAs(text);
        assertThat(filters.filter(new Seccomp.Default(), Verdicts.capabilities("SYS_TIME")))
                .get()
                .isNotEqualTo(text);
        assertThat(filters.filter(new Seccomp.Unconfined(), CapabilitySet.DEFAULT))
                .isEmpty();
        SeccompProfile own = Json.read("p.json", allowing(""), SeccompProfile.class);
        assertThat(filters.filter(new Seccomp.Own(own), CapabilitySet.DEFAULT)).isPresent();
    }

    @Test
    void pathsAreNotReadHere() {
        BrockerException.Invalid refusal = catchThrowableOfType(
                BrockerException.Invalid.class,
                () -> SeccompFilters.open().filter(new Seccomp.InFile("/etc/p.json"), CapabilitySet.DEFAULT));

        assertThat(refusal.code()).isEqualTo("profile-not-read");
    }
}
