package brocker.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/** A share of the host's processors: {@code 0.5} is half of one, {@code 2} is two. From 0.01 to 1024. */
public record Cpus(@JsonValue BigDecimal number) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Cpus {
        if (number.compareTo(new BigDecimal("0.01")) < 0 || number.compareTo(new BigDecimal(1024)) > 0) {
            throw new BrockerException.Invalid(
                    "invalid-cpus",
                    "\"" + number + "\" is not a number of processors",
                    "write a number from 0.01 to 1024, such as 0.5 or 2");
        }
    }

    /** The run time, in microseconds, that a period allows. */
    public long quota(long periodMicros) {
        return number.multiply(BigDecimal.valueOf(periodMicros)).longValue();
    }
}
