package brocker.daemon.port;

import java.util.List;

/** The control groups that containers of this daemon, or of an earlier one, have left. Its methods block. Thread-safe. */
public interface Groups {
    /** All that exist below the daemon's own, each named after its container. */
    List<String> names();

    /** Kills every process in a group. */
    void kill(String name);

    /** Removes a group as far as it can be done without waiting. Gives whether it is gone. */
    boolean deleteAtOnce(String name);

    /**
     * Removes a group, waiting a moment for its last process to be gone.
     *
     * @throws brocker.spec.BrockerException.Host naming what is left, and why
     */
    void delete(String name);
}
