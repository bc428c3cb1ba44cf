package brocker.daemon.record;

import brocker.spec.ServiceSpec;
import brocker.spec.wire.RevisionState;
import java.time.Instant;

/**
 * One revision of a service's specification. Its number of replicas is the one that was written; what holds is the service's.
 *
 * @param number from 1 on
 * @param changed when it came into its state
 * @param reason why it failed, otherwise empty
 */
public record Revision(
        int number, ServiceSpec spec, RevisionState state, Instant created, Instant changed, String reason) {
    Revision become(RevisionState next, String why) {
        return new Revision(number, spec, next, created, Instant.now(), why);
    }

    /** The same, to be deployed once more with this number of replicas. */
    Revision again(int replicas) {
        return new Revision(number, spec.withReplicas(replicas), RevisionState.DEPLOYING, created, Instant.now(), "");
    }
}
