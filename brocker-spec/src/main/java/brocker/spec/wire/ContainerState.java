package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a container is in its life.
 *
 * <pre>
 * RUNNING --stop--> STOPPING --end--> EXITED
 *  |  ^  |                               ^
 *  |  |  +------- ends by itself --------+
 *  v  | after a pause
 * RESTARTING, where its restart policy says so
 * </pre>
 */
public enum ContainerState {
    RUNNING,
    STOPPING,
    /** It has ended, and is started again after a pause. */
    RESTARTING,
    EXITED,
    /** The daemon cannot read what it stored of it, or cannot find it again; it is left as it is. */
    BROKEN;

    /** Whether it has a process. */
    public boolean alive() {
        return this == RUNNING || this == STOPPING;
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
