package brocker.runtime;

import brocker.kernel.Linux;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The steps by which the host and the store change, each named when it is done. Between any two of them the daemon may be killed, and the
 * next one has to repair what it finds. A test lets that happen: with the system property {@code brocker.die-at=STEP:N} the daemon kills
 * itself, as SIGKILL does, when the step is done for the Nth time.
 */
public enum Step {
    SERVICE_NOTED,
    BRIDGE_MADE,
    PROXY_CONFIGURED,
    PROXY_ANSWERS,
    REMOVAL_NOTED,
    SERVICE_ENDED,
    BRIDGE_DELETED,
    CONFIGURATION_DELETED,
    SERVICE_FORGOTTEN,
    INGRESS_MADE,

    CONTAINER_NOTED,
    DIRECTORIES_MADE,
    GROUP_MADE,
    INIT_SPAWNED,
    HOST_END_ATTACHED,
    INIT_RELEASED,
    COMMAND_EXECUTED,
    START_NOTED,
    READY_NOTED,

    NOTICE_GIVEN,
    CANDIDATE_WRITTEN,
    CONFIGURATION_REPLACED,
    PROXY_RELOADED,

    // When a proxy's program is replaced by the installed one.
    UPGRADE_SUCCESSOR_SERVES,
    UPGRADE_HANDED_OVER,

    STOP_NOTED,
    STOP_SIGNALLED,
    HOST_END_DETACHED,
    GROUP_DELETED,
    END_NOTED,
    FILES_GIVEN_UP,
    FILES_REMOVED,
    CONTAINER_FORGOTTEN,
    RESTART_NOTED,
    LIMITS_NOTED,

    SCALE_NOTED,
    DEPLOYMENT_NOTED,
    NEW_REPLICA_STARTED,
    OLD_REPLICAS_RETIRED,
    DEPLOYMENT_GIVEN_UP,
    DEPLOYMENT_UNDONE,
    DEPLOYMENT_ENDED,

    // When a daemon starts, and takes up what an earlier one has left.
    RECOVERY_RULES_RESTORED,
    RECOVERY_CONTAINER_FOUND,
    RECOVERY_CONTAINER_BURIED,
    RECOVERY_SERVICE_RESUMED,
    RECOVERY_ORPHANS_REMOVED;

    private static final String DIE_AT = System.getProperty("brocker.die-at", "");
    private static final AtomicInteger LEFT =
            new AtomicInteger(DIE_AT.isEmpty() ? 0 : Integer.parseInt(DIE_AT.substring(DIE_AT.indexOf(':') + 1)));

    /** This step is done. */
    public void done() {
        if (!DIE_AT.isEmpty() && DIE_AT.startsWith(name() + ":") && LEFT.decrementAndGet() == 0) {
            Linux.kill(Math.toIntExact(ProcessHandle.current().pid()), Linux.SIGKILL);
        }
    }
}
