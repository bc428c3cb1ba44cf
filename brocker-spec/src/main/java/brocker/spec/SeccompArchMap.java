package brocker.spec;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** The architectures whose system calls are allowed beside those of the host's own; Docker's addition to the OCI form. */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record SeccompArchMap(SeccompArchitecture architecture, List<SeccompArchitecture> subArchitectures) {
    public SeccompArchMap {
        subArchitectures = List.copyOf(subArchitectures);
    }
}
