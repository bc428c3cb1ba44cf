package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a container is in its life.
 *
 * <pre>
 * CREATING --go--> RUNNING --stop--> STOPPING --end--> EXITED
 *    |                |                                  ^
 *    | cannot start   +----------- ends by itself -------+
 *    v
 *  (forgotten)
 * </pre>
 */
public enum ContainerState {
    CREATING,
    RUNNING,
    STOPPING,
    EXITED;

    /** Whether it has, or is about to have, a process. */
    public boolean alive() {
        return this != EXITED;
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ContainerState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
