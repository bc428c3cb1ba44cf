package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Mailbox;
import brocker.runtime.Container;
import brocker.runtime.Step;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes up a service that an earlier daemon looked after. Whatever cannot be done is noted and tried again, and the rest is done all the
 * same. All of it runs in the service's mailbox.
 *
 * @param sound whether the service is not broken; of a broken one only the ends of its containers are awaited
 */
record Resumption(
        Parts parts,
        Supplier<ServiceRecord> service,
        boolean sound,
        Mailbox mailbox,
        Members members,
        History history,
        BrokenContainers broken,
        Supervisor supervisor) {
    void run(Adoption adoption) {
        adoption.gone().forEach(this::bury);
        if (sound) {
            attempt(
                    "its bridge cannot be made again",
                    () -> parts.bridges().ensure(service.get().bridgePlan()));
        }
        if (service.get().located()) {
            attempt("names cannot be answered for", () -> parts.names().add(service.get()));
        }
        adoption.living().forEach(this::join);
        if (sound) {
            supervisor.resume();
        }
        adoption.lost().keySet().forEach(this::findLater);
    }

    private void join(Member member) {
        if (sound) {
            members.join(member);
        } else {
            members.keep(member);
        }
    }

    private void attempt(String what, Runnable work) {
        parts.faults().attempt(Faults.Subject.of(service.get().name()), what, mailbox::post, () -> {
            if (!service.get().removing()) {
                work.run();
            }
        });
    }

    /** It has ended while no daemon was there. */
    private void bury(ContainerRecord gone) {
        members.cleanUp(gone);
        parts.faults().attempt(Faults.Subject.of(gone), "its end cannot be written down", mailbox::post, () -> {
            if (history.find(gone.name()).equals(Optional.of(gone))) {
                parts.store().save(gone);
            }
        });
        Step.RECOVERY_CONTAINER_BURIED.done();
    }

    /** One of which it could not be found out whether it lives. */
    private void findLater(ContainerRecord lost) {
        parts.faults().attempt(Faults.Subject.of(lost), "it cannot be found again", mailbox::post, () -> {
            if (broken.find(lost.name()).isEmpty()) {
                return;
            }
            Optional<Container> found = parts.runtime().find(lost);
            if (found.isPresent()) {
                join(new Member(lost, found.get()));
            } else {
                ContainerRecord gone = Adoption.gone(parts, lost);
                members.cleanUp(gone);
                history.add(gone);
            }
            broken.drop(lost.name());
            if (sound) {
                supervisor.adjust();
            }
        });
    }
}
