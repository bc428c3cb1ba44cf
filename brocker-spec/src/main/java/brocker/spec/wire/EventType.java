package brocker.spec.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What has changed. */
public enum EventType {
    SERVICE_ADDED,
    SERVICE_UPDATED,
    /** A deployment has begun. */
    SERVICE_DEPLOYING,
    /** Every replica is of the new revision. */
    SERVICE_DEPLOYED,
    /** A deployment was given up. */
    SERVICE_FAILED,
    /** Its removal was asked for. */
    SERVICE_REMOVING,
    SERVICE_REMOVED,
    /** Something of it cannot be read, found again or cleaned up. */
    SERVICE_FAULT,
    /** It is known, and nothing of it has been made. */
    CONTAINER_CREATED,
    /** Its command was executed. */
    CONTAINER_STARTED,
    /** It passes its health check, and the proxy is told to send it requests; the proxy itself answers. */
    CONTAINER_READY,
    CONTAINER_UNREADY,
    /** The proxy executes files that have since been replaced on the host, as by an upgrade of nginx or OpenSSL. */
    CONTAINER_OUTDATED,
    /** The proxy executes the installed files again, in the same container. */
    CONTAINER_UPGRADED,
    /** It has other limits. */
    CONTAINER_UPDATED,
    /** Its end was asked for, be it to start it again; of one that has ended, that it is not started again. */
    CONTAINER_STOPPING,
    /** The kernel killed processes of it for lack of memory; told when it has ended. */
    CONTAINER_OOM,
    CONTAINER_EXITED,
    /** It is about to be started again, under its name. */
    CONTAINER_RESTARTING,
    /** It is forgotten. */
    CONTAINER_REMOVED,
    /** Something of it cannot be read, found again or cleaned up. */
    CONTAINER_FAULT,
    /** One that this version of Brocker does not know. */
    OTHER;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static EventType parse(String text) {
        return valueOf(text.replace('.', '_').toUpperCase(Locale.ROOT));
    }

    /** Such as {@code container.exited}. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
