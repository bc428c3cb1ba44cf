package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** How an argument of a system call is compared, by the names of the OCI runtime specification. */
public enum SeccompOperator {
    NE,
    LT,
    LE,
    EQ,
    GE,
    GT,
    /** The argument, masked with {@code value}, equals {@code valueTwo}. */
    MASKED_EQ;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SeccompOperator parse(String text) {
        return Arrays.stream(values())
                .filter(operator -> operator.text().equals(text))
                .findFirst()
                .orElseThrow(() -> SeccompProfile.unknown(
                        "operator",
                        text,
                        Arrays.stream(values()).map(SeccompOperator::text).toList()));
    }

    @JsonValue
    public String text() {
        return "SCMP_CMP_" + name();
    }
}
