package brocker.daemon.orchestrator;

import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.RunningContainer;
import brocker.runtime.Step;
import brocker.runtime.cgroup.Limits;
import brocker.spec.BrockerException;
import brocker.spec.wire.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is left of a service's containers when the daemon starts: those that live, found again, and those that have ended, cleaned up.
 */
record Adoption(List<Member> living, List<ContainerRecord> ended) {
    private static final System.Logger LOG = System.getLogger(Adoption.class.getName());

    static Adoption of(Parts parts, List<ContainerRecord> containers) {
        List<Member> living = new ArrayList<>();
        List<ContainerRecord> ended = new ArrayList<>();
        for (ContainerRecord record : containers) {
            parts.veths().reserve(record.veth());
            if (!record.alive()) {
                if (parts.launcher().keeps(record)) {
                    ended.add(record);
                } else {
                    parts.store().remove(record.name());
                    parts.veths().release(record.veth());
                }
                continue;
            }
            Optional<RunningContainer> found = find(parts, record);
            if (found.isPresent()) {
                limitAgain(parts, record);
                living.add(new Member(record, found.get()));
                Step.RECOVERY_CONTAINER_FOUND.done();
            } else {
                bury(parts, record).ifPresent(ended::add);
                Step.RECOVERY_CONTAINER_BURIED.done();
            }
        }
        return new Adoption(living, ended);
    }

    Optional<Member> proxy() {
        return living.stream().filter(member -> member.is(Role.PROXY)).findFirst();
    }

    private static Optional<RunningContainer> find(Parts parts, ContainerRecord record) {
        return record.start()
                .filter(start -> start.bootId().equals(parts.bootId()))
                .flatMap(start -> parts.launcher().runtime().adopt(record.name(), start.init(), record.users()));
    }

    /** A daemon that was killed while it changed limits has noted them, and perhaps not set them. */
    private static void limitAgain(Parts parts, ContainerRecord record) {
        try {
            parts.launcher()
                    .runtime()
                    .cgroups()
                    .update(record.name().value(), Limits.of(record.spec().limits()));
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.WARNING, "container \"" + record.name().abbreviated() + "\": " + e.message());
        }
    }

    /**
     * Cleans up after a container that is not there any more, or never quite was; the latter is forgotten, unless it had lived before.
     */
    private static Optional<ContainerRecord> bury(Parts parts, ContainerRecord record) {
        killRest(parts.launcher().runtime(), record.name().value());
        if (record.start().isEmpty() && record.restarts().total() == 0) {
            parts.launcher().release(record);
            parts.launcher().deleteDirectories(record);
            parts.store().remove(record.name());
            parts.veths().release(record.veth());
            return Optional.empty();
        }
        ContainerRecord ended = record.ended(end(parts, record));
        parts.launcher().release(record);
        parts.store().save(ended);
        return Optional.of(ended);
    }

    private static ContainerRecord.End end(Parts parts, ContainerRecord record) {
        return record.start()
                .map(start -> History.endOf(
                        parts.launcher(),
                        record,
                        start.bootId().equals(parts.bootId()) ? "killed" : "the host restarted"))
                .orElseGet(() -> ContainerRecord.End.notStarted("brockerd ended while it was started again"));
    }

    /** Ends whatever still runs in a group of ours. */
    static void killRest(ContainerRuntime runtime, String group) {
        for (int pid : runtime.cgroups().processes(group)) {
            try {
                Linux.kill(pid, Linux.SIGKILL);
            } catch (KernelException e) {
                if (!e.errno().equals(brocker.kernel.Errno.ESRCH)) {
                    throw e;
                }
            }
        }
    }
}
