package brocker.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * When a rule counts, Docker's addition to the OCI form: {@code {"caps": ["CAP_SYS_ADMIN"], "arches": ["amd64"], "minKernel": "4.8"}}.
 *
 * @param arches by the names that Docker gives them
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record SeccompCondition(List<CapabilityName> caps, List<String> arches, Optional<String> minKernel) {
    static final SeccompCondition NONE = new SeccompCondition(List.of(), List.of(), Optional.empty());

    private static final Pattern KERNEL = Pattern.compile("\\d{1,5}\\.\\d{1,5}");
    private static final Set<String> ARCHES = Set.of(
            "amd64",
            "arm",
            "arm64",
            "loong64",
            "loongarch64",
            "mips",
            "mips64",
            "mips64n32",
            "mips3l64n32",
            "mipsel",
            "mipsel64",
            "mipsel64n32",
            "mipsle",
            "parisc",
            "parisc64",
            "ppc",
            "ppc64",
            "ppc64le",
            "riscv64",
            "s390",
            "s390x",
            "x32",
            "x86");

    public SeccompCondition {
        caps = List.copyOf(caps);
        arches = List.copyOf(arches);
        for (String arch : arches) {
            if (!ARCHES.contains(arch)) {
                throw SeccompProfile.unknown("architecture", arch, ARCHES).at("arches");
            }
        }
        minKernel.filter(version -> !KERNEL.matcher(version).matches()).ifPresent(version -> {
            throw SeccompProfile.invalid("\"" + version + "\" is not a version of a kernel", "write it as \"4.8\"")
                    .at("minKernel");
        });
    }
}
