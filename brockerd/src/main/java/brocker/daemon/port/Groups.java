package brocker.daemon.port;

import java.util.List;

/** The control groups of containers of this daemon and of earlier ones. Its methods block. Thread-safe. */
public interface Groups {
    /** All groups below the daemon's own, each named after its container. */
    List<String> names();

    /** Kills every process in a group. */
    void kill(String name);

    /** Tries to remove a group without waiting. Returns whether it is gone. */
    boolean deleteAtOnce(String name);

    /**
     * Removes a group, waiting a moment for its last process to be gone.
     *
     * @throws brocker.spec.BrockerException.Host if it cannot be removed
     */
    void delete(String name);
}
