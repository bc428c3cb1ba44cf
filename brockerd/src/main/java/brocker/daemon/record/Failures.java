package brocker.daemon.record;

import brocker.spec.BrockerException;
import brocker.spec.ContainerName;

/** Failures that several packages report. */
public final class Failures {
    public static final String LIST_SERVICES = "see them all: brocker-client service list";

    private Failures() {}

    public static BrockerException.NotFound serviceGone(String name) {
        return new BrockerException.NotFound(
                "service-not-found", "the service \"" + name + "\" has been removed", LIST_SERVICES);
    }

    /**
     * No container has such a name.
     *
     * @param prefix as the user wrote it
     */
    public static BrockerException.NotFound containerNotFound(String prefix) {
        return new BrockerException.NotFound(
                "container-not-found",
                "there is no container \"" + prefix + "\"",
                "see them all: brocker-client container list -a");
    }

    public static BrockerException.Conflict containerNotRunning(ContainerName name) {
        return new BrockerException.Conflict(
                "container-not-running",
                "the container \"" + name.abbreviated() + "\" is not running",
                "its log: brocker-client container logs " + name.abbreviated());
    }
}
