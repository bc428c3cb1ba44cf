package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What is done with a system call, by the names of the OCI runtime specification; see {@code seccomp(2)}. */
public enum SeccompAction {
    KILL,
    KILL_THREAD,
    KILL_PROCESS,
    TRAP,
    ERRNO,
    LOG,
    ALLOW;

    private static final String PREFIX = "SCMP_ACT_";

    /**
     * Reads {@code SCMP_ACT_ERRNO}.
     *
     * @throws BrockerException.Invalid when there is no such action, or none that works in a container
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SeccompAction parse(String text) {
        String why = switch (text) {
            case "SCMP_ACT_TRACE" -> "nothing traces a container";
            case "SCMP_ACT_NOTIFY" -> "no agent listens for a container's system calls";
            case String _ -> "";
        };
        if (!why.isEmpty()) {
            throw new BrockerException.Invalid(
                    "invalid-seccomp",
                    "\"" + text + "\" is not supported: " + why,
                    "use \"SCMP_ACT_ERRNO\" or \"SCMP_ACT_LOG\"");
        }
        return Arrays.stream(values())
                .filter(action -> action.text().equals(text))
                .findFirst()
                .orElseThrow(() -> SeccompProfile.unknown(
                        "action",
                        text,
                        Arrays.stream(values()).map(SeccompAction::text).toList()));
    }

    @JsonValue
    public String text() {
        return PREFIX + name();
    }
}
