package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a container is in its life.
 *
 * <pre>
 * CREATING --go--> RUNNING --stop--> STOPPING --end--> EXITED
 *    |              |  ^  |                               ^
 *    | cannot       |  |  +------- ends by itself --------+
 *    | start        v  | after a pause
 *    v           RESTARTING, where its restart policy says so
 * (forgotten)
 * </pre>
 */
public enum ContainerState {
    CREATING,
    RUNNING,
    STOPPING,
    /** It has ended, and is started again after a pause. */
    RESTARTING,
    EXITED;

    /** Whether it has, or is about to have, a process. */
    public boolean alive() {
        return this != EXITED && this != RESTARTING;
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
