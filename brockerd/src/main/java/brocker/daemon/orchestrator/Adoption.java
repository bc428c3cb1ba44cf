package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.record.ContainerRecord;
import brocker.runtime.Container;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.wire.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is left of a service's containers when the daemon starts. What cannot be done for one of them is noted and tried again, and keeps
 * no other from being found.
 *
 * @param ended those that the store knows as ended
 * @param gone those that have ended since, of which something may still be on the host
 * @param lost those of which it could not be found out whether they live, with the reason
 */
record Adoption(
        List<Member> living,
        List<ContainerRecord> ended,
        List<ContainerRecord> gone,
        Map<ContainerRecord, String> lost) {
    private static final System.Logger LOG = System.getLogger(Adoption.class.getName());

    static Adoption of(Parts parts, List<ContainerRecord> containers) {
        List<Member> living = new ArrayList<>();
        List<ContainerRecord> ended = new ArrayList<>();
        List<ContainerRecord> gone = new ArrayList<>();
        Map<ContainerRecord, String> lost = new TreeMap<>(Comparator.comparing(ContainerRecord::name));
        for (ContainerRecord record : containers) {
            parts.veths().reserve(record.veth());
            if (!record.alive()) {
                recall(parts, record).ifPresent(ended::add);
                continue;
            }
            try {
                Optional<Container> found = parts.runtime().find(record);
                if (found.isPresent()) {
                    limitAgain(parts, record);
                    living.add(new Member(record, found.get()));
                    Step.RECOVERY_CONTAINER_FOUND.done();
                } else if (neverLived(record)) {
                    undo(parts, record);
                } else {
                    gone.add(gone(parts, record));
                }
            } catch (RuntimeException e) {
                lost.put(record, String.valueOf(e.getMessage()));
            }
        }
        return new Adoption(living, ended, gone, lost);
    }

    Optional<Member> proxy() {
        return living.stream().filter(member -> member.is(Role.PROXY)).findFirst();
    }

    /** Why the service's proxy may live and cannot be found; empty where that is not so. */
    Optional<String> lostProxy() {
        return lost.entrySet().stream()
                .filter(entry -> entry.getKey().role() == Role.PROXY)
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** One that had ended before; where its files are not there, it was being forgotten. */
    private static Optional<ContainerRecord> recall(Parts parts, ContainerRecord record) {
        if (parts.files().keeps(record)) {
            return Optional.of(record);
        }
        parts.faults().attempt(Faults.Subject.of(record), "it cannot be forgotten", () -> {
            // A daemon that was killed while it forgot this one may have given up a part of its files only.
            parts.files().forget(record.name(), record.service());
            parts.store().remove(record.name());
            parts.veths().release(record.veth());
            parts.faults().forget(record.name());
        });
        return Optional.empty();
    }

    /** A daemon that was killed while it changed limits has noted them, and perhaps not set them. */
    private static void limitAgain(Parts parts, ContainerRecord record) {
        try {
            parts.runtime().limit(record);
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.WARNING, "container \"" + record.name().abbreviated() + "\": " + e.message());
        }
    }

    /** One that never quite was is undone and forgotten. */
    private static void undo(Parts parts, ContainerRecord record) {
        parts.faults().attempt(Faults.Subject.of(record), "it cannot be cleaned up", () -> {
            parts.runtime().killRest(record.name());
            parts.runtime().release(record.name(), Optional.of(record.hostEnd()));
            parts.files().forget(record.name(), record.service());
            parts.store().remove(record.name());
            parts.veths().release(record.veth());
            parts.faults().forget(record.name());
        });
        Step.RECOVERY_CONTAINER_BURIED.done();
    }

    private static boolean neverLived(ContainerRecord record) {
        return record.start().isEmpty() && record.restarts().total() == 0;
    }

    /** As one that is not there any more. */
    static ContainerRecord gone(Parts parts, ContainerRecord record) {
        return record.ended(end(parts, record));
    }

    private static ContainerRecord.End end(Parts parts, ContainerRecord record) {
        return record.start()
                .map(start -> History.endOf(
                        parts,
                        record,
                        start.bootId().equals(parts.runtime().bootId()) ? "killed" : "the host restarted"))
                .orElseGet(() -> ContainerRecord.End.notStarted("brockerd ended while it was started again"));
    }
}
