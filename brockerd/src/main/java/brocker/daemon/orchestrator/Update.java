package brocker.daemon.orchestrator;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Failures;
import brocker.runtime.Step;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.cgroup.Limits;
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
        Cgroups cgroups = parts.launcher().runtime().cgroups();
        cgroups.require(Limits.of(change));
        ContainerRecord after = before.limited(before.spec().limits().changedBy(change));
        parts.store().save(after);
        Step.LIMITS_NOTED.done();
        try {
            parts.launcher().blocking(() -> {
                cgroups.update(after.name().value(), Limits.of(after.spec().limits()));
                return true;
            });
        } catch (RuntimeException e) {
            parts.store().save(before);
            throw e;
        }
        member.become(after);
    }
}
