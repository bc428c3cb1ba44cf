package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How a living container does, by its health check.
 *
 * <pre>
 * STARTING --something listens--> PROBING --answers as it should--> HEALTHY
 *                                                                   |     ^
 *                                                                   v     |
 *                                                                  UNHEALTHY
 * </pre>
 */
public enum HealthState {
    /** Nothing listens yet. */
    STARTING,
    /** Something listens, and was not healthy yet. */
    PROBING,
    HEALTHY,
    /** It was healthy and is not any more. */
    UNHEALTHY;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static HealthState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
