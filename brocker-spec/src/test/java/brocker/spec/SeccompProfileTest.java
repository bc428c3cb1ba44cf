package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeccompProfileTest {
    /** Everything that Docker and Podman write, nulls and empty objects included. */
    private static final String WHOLE = """
            {
              "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "defaultErrno": "ENOSYS",
              "archMap": [
                {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
                {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}
              ],
              "flags": ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"],
              "listenerPath": "", "listenerMetadata": "",
              "syscalls": [
                {"names": ["read", "_llseek"], "action": "SCMP_ACT_ALLOW", "args": [], "comment": "", "includes": {}, "excludes": {}},
                {"name": "ptrace", "action": "SCMP_ACT_ALLOW", "args": null, "includes": {"minKernel": "4.8"}},
                {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
                 "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
                 "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390", "s390x"]}},
                {"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1, "errno": "EPERM"},
                {"names": ["personality"], "action": "SCMP_ACT_LOG",
                 "args": [{"index": 5, "value": 18446744073709551615, "op": "SCMP_CMP_NE"}]}
              ]
            }""";

    private static SeccompProfile read(String text) {
        return Json.read("p.json", text, SeccompProfile.class);
    }

    private static SeccompProfile rule(String rule) {
        return read("{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\n{" + rule + "}]}");
    }

    @Test
    void theFormsOfDockerAndPodmanAreRead() {
        SeccompProfile profile = read(WHOLE);

        assertThat(profile.defaultAction()).isEqualTo(SeccompAction.ERRNO);
        assertThat(profile.defaultErrnoRet()).contains(38);
        assertThat(profile.archMap().getFirst().subArchitectures())
                .containsExactly(SeccompArchitecture.X86, SeccompArchitecture.X32);
        assertThat(profile.archMap().getLast().subArchitectures()).isEmpty();
        assertThat(profile.syscalls()).hasSize(5);
        assertThat(profile.syscalls().get(1).calls()).containsExactly("ptrace");
        assertThat(profile.syscalls().get(1).includesOrNone().minKernel()).contains("4.8");
        assertThat(profile.syscalls().get(2).excludesOrNone().caps())
                .containsExactly(new CapabilityName("CAP_SYS_ADMIN"));
        assertThat(profile.syscalls().get(2).args())
                .containsExactly(new SeccompArgument(
                        0, BigInteger.valueOf(2114060288), Optional.of(BigInteger.ZERO), SeccompOperator.MASKED_EQ));
        assertThat(profile.syscalls().get(4).args().getFirst().value().longValue())
                .isEqualTo(-1);
    }

    @Test
    void whatGoesOverTheWireIsReadAsItWas() {
        SeccompProfile profile = read(WHOLE);

        assertThat(read(Json.write(profile))).isEqualTo(profile);
    }

    @Test
    void keyOfAContainerIsAWordAPathOrAProfile() {
        assertThat(seccomp("\"default\"")).isEqualTo(new Seccomp.Default());
        assertThat(seccomp("\"unconfined\"")).isEqualTo(new Seccomp.Unconfined());
        assertThat(seccomp("\"../p.json\"")).isEqualTo(new Seccomp.InFile("../p.json"));
        assertThat(seccomp(WHOLE)).isEqualTo(new Seccomp.Own(read(WHOLE)));
        for (String written : List.of("\"default\"", "\"unconfined\"", "\"../p.json\"")) {
            assertThat(Json.write(seccomp(written))).isEqualTo(written);
        }
        assertThat(seccomp(Json.write(seccomp(WHOLE)))).isEqualTo(seccomp(WHOLE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            7      | "c.json" line 2: "seccomp" must be a string, not a number
            [1]    | "c.json" line 2: "seccomp" must be a string, not an array
            ""     | "c.json" line 2: "seccomp": a path is missing
            {"defaultAction":"SCMP_ACT_ALLOW",\\n"syscals":[]} | "c.json" line 3: unknown key "syscals"
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[\\n{"names":["x"],"action":"SCMP_ACT_ALOW"}]} | "c.json" line 3: "action": "SCMP_ACT_ALOW" is not an action
            """)
    void wrongKeyOfAContainerIsNamedWithItsLine(String value, String message) {
        BrockerException.Invalid refusal = Refusal.of(() -> seccomp(value.replace("\\n", "\n")));

        assertThat(refusal.message()).isEqualTo(message);
    }

    private static Seccomp seccomp(String value) {
        return Json.read("c.json", "{\"command\":\"/bin/true\",\n\"seccomp\":" + value + "}", ContainerSpec.class)
                .seccompOrDefault();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                   | line 1: the key "defaultAction" is missing |
            {"defaultaction":"SCMP_ACT_ALLOW"}                   | line 1: unknown key "defaultaction" | did you mean "defaultAction"?
            {"defaultAction":"SCMP_ACT_ERNO"}                    | line 1: "defaultAction": "SCMP_ACT_ERNO" is not an action | did you mean "SCMP_ACT_ERRNO"?
            {"defaultAction":"EPERM"}                            | line 1: "defaultAction": "EPERM" is not an action | write one of SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_TRAP
            {"defaultAction":"SCMP_ACT_TRACE"}                   | line 1: "defaultAction": "SCMP_ACT_TRACE" is not supported: nothing traces a container | use "SCMP_ACT_ERRNO" or "SCMP_ACT_LOG"
            {"defaultAction":"SCMP_ACT_NOTIFY"}                  | line 1: "defaultAction": "SCMP_ACT_NOTIFY" is not supported: no agent listens for a container's system calls | use "SCMP_ACT_ERRNO" or "SCMP_ACT_LOG"
            {"defaultAction":"SCMP_ACT_ERRNO","listenerPath":"/s"}| line 1: "listenerPath": no agent listens for a container's system calls | remove the key "listenerPath"
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":4096} | line 1: "defaultErrnoRet": "4096" is not an errno | write 0 to 4095
            {"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":1}| line 1: "defaultErrnoRet": "SCMP_ACT_ALLOW" returns no errno | remove "defaultErrnoRet", or write "SCMP_ACT_ERRNO"
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrno":"EPERM"}| line 1: the errno "EPERM" has no number | write it as "defaultErrnoRet"
            {"defaultAction":"SCMP_ACT_ERRNO","flags":["SECCOMP_FILTER_FLAG_LOG"]}| line 1: "flags": "SECCOMP_FILTER_FLAG_LOG" is not a supported flag | supported are SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_TSYNC
            {"defaultAction":"SCMP_ACT_ERRNO",\\n"architectures":["SCMP_ARCH_X86_65"]}| line 2: "architectures": "SCMP_ARCH_X86_65" is not an architecture | did you mean "SCMP_ARCH_X86_64"?
            {"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86"],\\n"archMap":[{"architecture":"SCMP_ARCH_X86"}]}| line 2: a profile with both "architectures" and "archMap" | keep one of them
            {"defaultAction":"SCMP_ACT_ERRNO","syscalls":{}}     | line 1: "syscalls" must be an array, not an object |
            """)
    void malformedProfileIsRefusedWithLineKeyAndWhatIsMeant(String text, String message, String hint) {
        BrockerException.Invalid refusal = Refusal.of(() -> read(text.replace("\\n", "\n")));

        assertThat(refusal.message()).isEqualTo("\"p.json\" " + message);
        assertThat(refusal.hint()).isEqualTo(Optional.ofNullable(hint));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "names":["read"]                                     | "syscalls": the key "action" is missing |
            "action":"SCMP_ACT_ALLOW"                            | "syscalls": a rule without "names" | list the system calls in "names"
            "name":"a","names":["b"],"action":"SCMP_ACT_ALLOW"   | "syscalls": a rule with both "names" and "name" | list the system calls in "names"
            "names":["re ad"],"action":"SCMP_ACT_ALLOW"          | "names": "re ad" is not the name of a system call |
            "names":[7],"action":"SCMP_ACT_ALLOW"                | an element of "names" must be a string, not a number |
            "names":["a"],"action":"SCMP_ACT_KILL","errnoRet":1  | "errnoRet": "SCMP_ACT_KILL" returns no errno | remove "errnoRet", or write "SCMP_ACT_ERRNO"
            "names":["a"],"action":"SCMP_ACT_ERRNO","errno":"EIO"| "syscalls": the errno "EIO" has no number | write it as "errnoRet"
            "names":["a"],"action":"SCMP_ACT_ALLOW","arg":[]     | unknown key "arg" | did you mean "args"?
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"value":0,"op":"SCMP_CMP_EQ"}] | "index": "6" is not the index of an argument | write 0 to 5
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":-1,"op":"SCMP_CMP_EQ"}]| "value": "-1" is not a value of an argument | write 0 to 18446744073709551615
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":18446744073709551616,"op":"SCMP_CMP_EQ"}]| "value": "18446744073709551616" is not a value of an argument | write 0 to 18446744073709551615
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":"0","op":"SCMP_CMP_EQ"}]| "value" must be a whole number, not a string |
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":0,"op":"SCMP_CMP_EQQ"}]| "op": "SCMP_CMP_EQQ" is not an operator | did you mean "SCMP_CMP_EQ"?
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_EQ"}] | "args": the key "value" is missing |
            "names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"valuetwo":0,"op":"SCMP_CMP_EQ"}] | unknown key "valuetwo" | did you mean "valueTwo"?
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMN"]} | "caps": "CAP_SYS_ADMN" is not a capability | did you mean "SYS_ADMIN"?
            "names":["a"],"action":"SCMP_ACT_ALLOW","includes":{"arches":["amd46"]} | "arches": "amd46" is not an architecture | did you mean "amd64"?
            "names":["a"],"action":"SCMP_ACT_ALLOW","excludes":{"minKernel":"four"} | "minKernel": "four" is not a version of a kernel | write it as "4.8"
            """)
    void malformedRuleIsRefusedWithItsLine(String text, String message, String hint) {
        BrockerException.Invalid refusal = Refusal.of(() -> rule(text));

        assertThat(refusal.message()).isEqualTo("\"p.json\" line 2: " + message);
        assertThat(refusal.hint()).isEqualTo(Optional.ofNullable(hint));
    }
}
