package brocker.spec;

import java.math.BigInteger;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A condition on one argument of a system call: {@code {"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}}.
 *
 * @param index 0 to 5
 * @param value 64 bits without sign, as is {@code valueTwo}
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record SeccompArgument(Integer index, BigInteger value, Optional<BigInteger> valueTwo, SeccompOperator op) {
    public SeccompArgument {
        if (index < 0 || index > 5) {
            throw SeccompProfile.invalid("\"" + index + "\" is not the index of an argument", "write 0 to 5")
                    .at("index");
        }
        require(value, "value");
        valueTwo.ifPresent(second -> require(second, "valueTwo"));
    }

    private static void require(BigInteger value, String key) {
        if (value.signum() < 0 || value.bitLength() > 64) {
            throw SeccompProfile.invalid(
                            "\"" + value + "\" is not a value of an argument", "write 0 to 18446744073709551615")
                    .at(key);
        }
    }
}
