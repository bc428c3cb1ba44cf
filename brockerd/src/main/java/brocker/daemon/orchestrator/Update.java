package brocker.daemon.orchestrator;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Failures;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.ContainerLimits;

/** A change of a living container's limits: all of it is kept, in the store and in the kernel, or nothing. Runs in the mailbox. */
record Update(Parts parts, Member member, ContainerLimits change) {
    /**
     * Changes them.
     *
     * @throws BrockerException.Invalid when the host does not have as much
     * @throws BrockerException.Conflict when the container has ended, or uses more already
     */
    void run() {
        ContainerRecord before = member.record();
        if (!before.alive() || member.running().exit().isDone()) {
            throw Failures.containerNotRunning(before.name());
        }
        parts.runtime().require(change);
        ContainerRecord after = before.limited(before.spec().limits().changedBy(change));
        parts.store().save(after);
        Step.LIMITS_NOTED.done();
        try {
            parts.runtime().limit(after);
        } catch (RuntimeException e) {
            parts.store().save(before);
            throw e;
        }
        member.become(after);
    }
}
