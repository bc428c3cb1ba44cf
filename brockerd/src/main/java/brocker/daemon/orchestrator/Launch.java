package brocker.daemon.orchestrator;

import brocker.daemon.port.HostRuntime;
import brocker.daemon.port.StartRequest;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.runtime.Container;
import brocker.runtime.Step;
import brocker.runtime.Undo;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.Signal;
import brocker.spec.wire.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A container that is to be.
 *
 * @param revision that a replica is of, 0 for others
 * @param extra added to its environment
 * @param sockets handed to its command; stay the caller's
 */
record Launch(Role role, int revision, ContainerSpec spec, int address, Map<String, String> extra, List<Fd> sockets) {
    Launch {
        extra = Map.copyOf(extra);
        sockets = List.copyOf(sockets);
    }

    /**
     * Notes the intent, starts the container, notes that it runs. A failure leaves neither container nor note.
     *
     * @param taken whether a name is another container's
     */
    Member run(ServiceRecord service, Parts parts, Predicate<ContainerName> taken) {
        try (Undo undo = new Undo()) {
            int veth = parts.veths().take();
            undo.push(() -> parts.veths().release(veth));
            ContainerRecord intended = intend(taken, veth);
            undo.push(() -> parts.store().remove(intended.name()));
            parts.store().intend(intended);
            Step.CONTAINER_NOTED.done();
            undo.push(() -> parts.files().forget(intended.name(), intended.service()));
            parts.runtime().prepare(intended);
            if (role == Role.PROXY) {
                parts.proxy().handOver(service, intended.users());
            }
            Step.DIRECTORIES_MADE.done();
            Member member = start(service, parts, intended, undo);
            undo.keep();
            return member;
        }
    }

    /**
     * Starts a container once more that has ended, with its name, its directory and its log. A failure leaves the note that was.
     *
     * @param ended as it was noted
     * @param intended as it is to be
     */
    static Member again(ServiceRecord service, Parts parts, ContainerRecord ended, ContainerRecord intended) {
        Launch launch = new Launch(
                intended.role(), intended.revision(), intended.spec(), intended.address(), Map.of(), List.of());
        try (Undo undo = new Undo()) {
            undo.push(() -> parts.store().save(ended));
            parts.store().intend(intended);
            Step.RESTART_NOTED.done();
            Member member = launch.start(service, parts, intended, undo);
            undo.keep();
            return member;
        }
    }

    private Member start(ServiceRecord service, Parts parts, ContainerRecord intended, Undo undo) {
        Container running = parts.runtime()
                .start(new StartRequest(service, intended, extra, sockets, parts.services()::containerSpecs));
        undo.push(() -> abandon(parts.runtime(), intended, running));
        ContainerRecord.Start start =
                new ContainerRecord.Start(running.init(), parts.runtime().bootId(), Instant.now());
        Member member = new Member(intended.started(start), running);
        parts.store().save(member.record());
        Step.START_NOTED.done();
        return member;
    }

    private ContainerRecord intend(Predicate<ContainerName> taken, int veth) {
        Instant now = Instant.now();
        ContainerName name = ContainerName.of(now, spec.command());
        while (taken.test(name)) {
            now = now.plusNanos(1);
            name = ContainerName.of(now, spec.command());
        }
        return ContainerRecord.intended(name, role, revision, spec, address, veth, now);
    }

    /** What started is of no use: it could not be noted. */
    private static void abandon(HostRuntime runtime, ContainerRecord intended, Container running) {
        running.signal(Signal.SIGKILL);
        running.exit().join();
        running.close();
        runtime.release(intended.name(), Optional.of(intended.hostEnd()));
    }
}
