package brocker.daemon.orchestrator;

import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.Failures;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Mailbox;
import brocker.runtime.ExecSession;
import brocker.spec.BrockerException;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.Signal;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The containers of one service as users see them and ask things of them. What changes one runs in the service's mailbox; waiting for its
 * end does not. Thread-safe.
 */
record ServiceContainers(
        Parts parts,
        Supplier<ServiceRecord> service,
        Mailbox mailbox,
        Members members,
        History history,
        BrokenContainers broken,
        Supervisor supervisor,
        FinalEnd finalEnd) {
    /** Those that have not ended, in the order of creation. */
    List<Member> living() {
        return members.all();
    }

    /** Runs a container that lives until the user stops it. */
    ContainerView run(ContainerSpec spec) {
        return mailbox.call(() -> supervisor.launch(Role.APPLICATION, 0, spec)).view();
    }

    ExecSession exec(ContainerName name, ExecRequest request) {
        Member member = running(name);
        return parts.runtime().exec(member.record(), member.running(), request);
    }

    ContainerView update(ContainerName name, ContainerLimits change) {
        return mailbox.call(() -> {
            Member member = running(name);
            new Update(parts, member, change).run();
            return member.view();
        });
    }

    /**
     * Stops a container: out of the upstream, what worked with it gone, then the signal, and after the time-out the end. One that rests
     * before it is started again stays as it is.
     */
    ContainerView stop(ContainerName name, Optional<Duration> timeout) {
        return history.view(end(name, Asked.STOP, timeout));
    }

    /** Stops a container, where it has not ended yet, and starts it once more. */
    ContainerView restart(ContainerName name, Optional<Duration> timeout) {
        end(name, Asked.RESTART, timeout);
        return mailbox.call(() -> supervisor.startAgain(name)).view();
    }

    /**
     * Sends a signal to a container's command at once. One that would end it, SIGKILL or its stop signal, asks for its end as stop
     * does: it leaves the upstream, and is not started again.
     */
    ContainerView kill(ContainerName name, Signal signal) {
        Member member = mailbox.call(() -> {
            Member found = running(name);
            if (signal == Signal.SIGKILL || signal == found.record().spec().stopSignalOrDefault()) {
                members.leave(found, Asked.STOP);
            }
            return found;
        });
        if (!member.running().signal(signal)) {
            throw Failures.containerNotRunning(name);
        }
        return member.view();
    }

    /** @throws BrockerException.Conflict where it has ended */
    private Member running(ContainerName name) {
        return members.find(name)
                .filter(member -> member.record().alive())
                .orElseThrow(() -> Failures.containerNotRunning(name));
    }

    /** Waits until a container has ended and is not started again; nothing where the time is over before. */
    Optional<ContainerView> awaitEnd(ContainerName name, Duration longest) throws InterruptedException {
        return finalEnd.await(name, longest).map(history::view);
    }

    /** Whether it lives is seen in the same turn in which its end is asked for: in between it might end, and be started again. */
    private ContainerRecord end(ContainerName name, Asked asked, Optional<Duration> timeout) {
        Leaving leaving = mailbox.call(() -> {
            Optional<Member> living = members.find(name);
            return living.isPresent()
                    ? new Leaving.Living(living.get(), members.leave(living.get(), asked))
                    : new Leaving.Ended(ask(name, asked));
        });
        return switch (leaving) {
            case Leaving.Ended(ContainerRecord record) -> record;
            case Leaving.Living(Member member, ProxyControl.Change left) ->
                Ending.after(left, member, timeout, service.get().spec().drainTimeoutOrDefault());
        };
    }

    /** A container whose end was asked for. */
    private sealed interface Leaving {
        record Living(Member member, ProxyControl.Change left) implements Leaving {}

        record Ended(ContainerRecord record) implements Leaving {}
    }

    /** Of one that has ended: that it is started again, or that it is not. */
    private ContainerRecord ask(ContainerName name, Asked asked) {
        ContainerRecord ended = history.find(name).orElseThrow(() -> Failures.containerNotFound(name.value()));
        if (asked == Asked.RESTART && ended.role() != Role.APPLICATION) {
            throw new BrockerException.Conflict(
                    "container-replaced",
                    "the container \"" + name.abbreviated() + "\" has been replaced by another",
                    "see those that run: brocker-client container list");
        }
        boolean changes = asked == Asked.RESTART || parts.rule(ended).pause().isPresent();
        ContainerRecord told = changes ? ended.asked(asked) : ended;
        if (changes) {
            history.add(told);
        }
        return told;
    }

    /**
     * Makes sure that a container can be asked something.
     *
     * @throws BrockerException.Conflict when it is one of this service's and broken
     */
    void requireSound(ContainerName name) {
        broken.find(name).ifPresent(container -> {
            throw new BrockerException.Conflict(
                    "container-broken",
                    "the container \"" + name.abbreviated() + "\" is broken: " + container.reason(),
                    "start the version of Brocker that wrote it, or remove it: brocker-client container remove "
                            + name.abbreviated());
        });
    }

    /**
     * Forgets a container that has ended, or that is broken.
     *
     * @throws BrockerException.Conflict when it runs
     */
    void forget(ContainerName name) {
        mailbox.run(() -> {
            if (members.find(name).isPresent()) {
                throw new BrockerException.Conflict(
                        "container-running",
                        "the container \"" + name.abbreviated() + "\" is running",
                        "stop it first: brocker-client container stop " + name.abbreviated());
            }
            history.find(name).ifPresent(history::remove);
            broken.find(name).ifPresent(broken::remove);
        });
    }

    /** What every container that is known was made from. */
    Stream<ContainerSpec> specs() {
        return Stream.concat(living().stream().map(Member::record), history.records().stream())
                .map(ContainerRecord::spec);
    }

    /** The names of every container that is known. */
    Set<ContainerName> names() {
        // The living first: one that ends meanwhile is among the ended before it leaves them.
        Set<ContainerName> names =
                living().stream().map(member -> member.record().name()).collect(Collectors.toCollection(HashSet::new));
        history.records().forEach(record -> names.add(record.name()));
        names.addAll(broken.names());
        return names;
    }

    /** Every container that is known, in the order of creation: those that have ended and stay so only where all are wanted. */
    Stream<ContainerView> views(boolean all) {
        List<Member> known = living();
        Set<ContainerName> gone =
                history.records().stream().map(ContainerRecord::name).collect(Collectors.toSet());
        Stream<ContainerView> living = known.stream()
                .filter(member -> !gone.contains(member.record().name()))
                .map(Member::view);
        return Stream.of(broken.views(all).stream(), history.views(all).stream(), living)
                .flatMap(views -> views);
    }
}
