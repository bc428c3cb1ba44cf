package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a check says of a wrong value. */
final class Refusal {
    private Refusal() {}

    static BrockerException.Invalid of(ThrowingCallable code) {
        BrockerException.Invalid refusal = catchThrowableOfType(BrockerException.Invalid.class, code);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }
}
