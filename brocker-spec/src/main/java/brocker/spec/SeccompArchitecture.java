package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** An architecture that has system calls of its own, by the names of the OCI runtime specification. */
public enum SeccompArchitecture {
    X86,
    X86_64,
    X32,
    ARM,
    AARCH64,
    LOONGARCH64,
    M68K,
    MIPS,
    MIPS64,
    MIPS64N32,
    MIPSEL,
    MIPSEL64,
    MIPSEL64N32,
    PARISC,
    PARISC64,
    PPC,
    PPC64,
    PPC64LE,
    RISCV64,
    S390,
    S390X,
    SH,
    SHEB;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SeccompArchitecture parse(String text) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.text().equals(text))
                .findFirst()
                .orElseThrow(() -> SeccompProfile.unknown(
                        "architecture",
                        text,
                        Arrays.stream(values()).map(SeccompArchitecture::text).toList()));
    }

    @JsonValue
    public String text() {
        return "SCMP_ARCH_" + name();
    }
}
