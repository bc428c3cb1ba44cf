package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a revision of a service is in its life.
 *
 * <pre>
 * DEPLOYING --all replicas are healthy--> ACTIVE --another became active--> SUPERSEDED
 *     |                                                                        |
 *     +--one did not become healthy--> FAILED --rollback--> DEPLOYING <--------+
 * </pre>
 */
public enum RevisionState {
    DEPLOYING,
    ACTIVE,
    SUPERSEDED,
    FAILED;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static RevisionState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
