package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a container is to its service. */
public enum Role {
    /** One that the user ran with {@code container run}; it lives until the user stops it. */
    APPLICATION,
    /** One that Brocker started from the service's template, and replaces when it ends. */
    REPLICA,
    /** The service's nginx. */
    PROXY;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Role parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
