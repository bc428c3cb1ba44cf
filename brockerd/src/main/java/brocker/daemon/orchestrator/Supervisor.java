package brocker.daemon.orchestrator;

import brocker.daemon.allocation.AddressPool;
import brocker.daemon.plan.Pauses;
import brocker.daemon.plan.Upkeep;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Failures;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Backoff;
import brocker.daemon.turn.Mailbox;
import brocker.runtime.Step;
import brocker.runtime.cgroup.CpuWeight;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.Signal;
import brocker.spec.Timespan;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts the containers of one service, and keeps up what there should be of it: the proxy, the number of replicas, and what its restart
 * policy brings back. All of it runs in the service's mailbox.
 */
final class Supervisor {
    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    private final Parts parts;
    private final Supplier<ServiceRecord> service;
    private final Mailbox mailbox;
    private final Members members;
    private final History history;
    private final BrokenContainers broken;
    private final ProxyKeeper proxy;
    private final Consumer<List<Member>> retire;
    private final Pauses pauses = new Pauses();
    private final Backoff proxyBackoff = new Backoff();

    /**
     * One for a service.
     *
     * @param retire stops members that are too many, elsewhere
     */
    Supervisor(
            Parts parts,
            Supplier<ServiceRecord> service,
            Mailbox mailbox,
            Members members,
            History history,
            BrokenContainers broken,
            ProxyKeeper proxy,
            Consumer<List<Member>> retire) {
        this.parts = parts;
        this.service = service;
        this.mailbox = mailbox;
        this.members = members;
        this.history = history;
        this.broken = broken;
        this.proxy = proxy;
        this.retire = retire;
    }

    /** Takes up what there should be, with what an earlier daemon has left. */
    void resume() {
        later(Duration.ZERO, this::startProxy);
        ProxyControl.Change current = members.refresh(ProxyControl.Pace.CAREFUL);
        members.all().stream()
                .filter(member -> member.record().stopping())
                .forEach(member -> Thread.ofVirtual()
                        .name("stop-" + member.record().name().abbreviated())
                        .start(() -> Ending.after(current, member, Optional.empty())));
        history.resting().forEach(this::goOnAfter);
        members.replicas().forEach(this::judgeInTime);
        later(Duration.ZERO, this::adjust);
    }

    /** Starts an application or, of a revision, a replica. */
    Member launch(Role role, int revision, ContainerSpec spec) {
        requireStaying();
        Set<Integer> taken = new HashSet<>(members.addresses());
        taken.addAll(broken.addresses());
        history.resting().forEach(resting -> taken.add(resting.address()));
        int address = AddressPool.lowestFree(service.get(), taken);
        return launch(new Launch(role, revision, spec, address, Map.of(), List.of()));
    }

    /** Starts a replica of a revision. */
    Member launchReplica(Revision revision) {
        ContainerSpec template = revision.spec().container().orElseThrow();
        Member member = launch(
                Role.REPLICA,
                revision.number(),
                template.inService(service.get().name()));
        judgeInTime(member);
        return member;
    }

    /** Starts the proxy, unless there is one, and returns when it accepts connections; one that does not is killed. */
    void startProxy() {
        if (members.all().stream().anyMatch(member -> member.is(Role.PROXY))) {
            return;
        }
        ServiceRecord record = service.get();
        ContainerSpec spec = parts.proxy().prepare(record, members.traffic());
        Step.PROXY_CONFIGURED.done();
        Map<String, String> inheritance =
                parts.proxy().inheritance(proxy.published().sockets().size());
        Member member = launch(new Launch(Role.PROXY, 0, spec, record.proxyAddress(), inheritance, proxy.handedOver()));
        try {
            proxy.awaitAnswer(parts.probes(), member.running(), () -> lastWords(member.record()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the proxy started", e);
        } catch (BrockerException e) {
            member.running().signal(Signal.SIGKILL);
            throw e;
        }
        parts.proxy().answered(record);
        member.become(member.record().checked(true));
        parts.mention(member.record());
        Step.PROXY_ANSWERS.done();
    }

    /** The last line that a container wrote, for a message that says why it ended; empty where it wrote none. */
    private String lastWords(ContainerRecord container) {
        List<String> lines = parts.files().lastLines(container, 1);
        return lines.isEmpty() ? "" : lines.getLast();
    }

    /** A deployment is over: what should be there is there soon. */
    void settle() {
        pauses.reset();
        later(Duration.ZERO, this::adjust);
    }

    /** What users have changed is done without a pause. */
    void adjustNow() {
        pauses.reset();
        adjust();
    }

    /**
     * Starts replicas that are missing or ailing, at the pace of their failures, and retires those that are too many or have not become
     * healthy in time. A deployment sees to its own.
     */
    void adjust() {
        ServiceRecord record = service.get();
        Optional<Revision> active = record.active();
        if (record.removing() || record.deploying().isPresent() || active.isEmpty()) {
            return;
        }
        retireOverdue();
        Upkeep<Member> upkeep = upkeep(record);
        upkeep.leave().stream()
                .filter(member -> standing(member) == Upkeep.Standing.AILING)
                .forEach(member -> member.condemn("unhealthy: " + member.reason()));
        if (!upkeep.leave().isEmpty()) {
            retire.accept(upkeep.leave());
        }
        Duration pause = Duration.between(Instant.now(), pauses.next());
        if (upkeep.start() > 0 && pause.isPositive()) {
            later(pause, this::adjust);
            return;
        }
        for (int i = 0; i < upkeep.start(); i++) {
            launchReplica(active.get());
        }
    }

    /** A replica that was healthy and is not any more may be replaced; one that is again may make another one superfluous. */
    void goOnAfterCheck(Member member) {
        if (!member.is(Role.REPLICA) || !member.stays()) {
            return;
        }
        if (!member.record().ready()) {
            pauses.failed(member.watched(), Instant.now());
        }
        later(Duration.ZERO, this::adjust);
    }

    private Upkeep<Member> upkeep(ServiceRecord record) {
        int returning = Math.toIntExact(history.resting().stream()
                .filter(resting -> resting.role() == Role.REPLICA)
                .count());
        return Upkeep.of(
                record.spec().desiredReplicas(),
                record.spec().deployOrDefault().maxSurgeOrDefault(),
                returning,
                members.replicas()
                        .map(member -> new Upkeep.Replica<>(member, standing(member)))
                        .toList());
    }

    private static Upkeep.Standing standing(Member member) {
        if (member.record().ready()) {
            return Upkeep.Standing.HEALTHY;
        }
        return member.proven() ? Upkeep.Standing.AILING : Upkeep.Standing.STARTING;
    }

    private void retireOverdue() {
        List<Member> overdue = members.replicas()
                .filter(member -> standing(member) == Upkeep.Standing.STARTING)
                .filter(member -> member.watched().compareTo(startTimeout(member)) >= 0)
                .toList();
        if (overdue.isEmpty()) {
            return;
        }
        overdue.forEach(member -> member.condemn("not healthy within " + new Timespan(startTimeout(member))
                + (member.reason().isEmpty() ? "" : ": " + member.reason())));
        pauses.failed(Duration.ZERO, Instant.now());
        retire.accept(overdue);
    }

    /** Looks again when it should be healthy. Until then it yields to those that serve, but not so long that it cannot start for that. */
    private void judgeInTime(Member member) {
        Duration left = startTimeout(member).minus(member.watched());
        later(
                left.dividedBy(2),
                () -> members.find(member.record().name())
                        .filter(member::equals)
                        .filter(living -> !living.record().ready())
                        .ifPresent(living -> parts.runtime().weigh(living.record(), CpuWeight.USUAL)));
        later(left, this::adjust);
    }

    private Duration startTimeout(Member member) {
        return service.get().specOf(member.record()).healthOrDefault().startTimeoutOrDefault();
    }

    /** Starts a container once more that rests, or gives the one that lives again. */
    Member startAgain(ContainerName name) {
        requireStaying();
        Optional<Member> living = members.find(name);
        if (living.isPresent()) {
            return living.get();
        }
        ContainerRecord ended = resting(name).orElseThrow(() -> Failures.containerNotFound(name.value()));
        Set<Integer> others = addressesBut(name);
        int address =
                others.contains(ended.address()) ? AddressPool.lowestFree(service.get(), others) : ended.address();
        ContainerRecord intended = ended.again(address, parts.rule(ended).next());
        try {
            Member member = Launch.again(service.get(), parts, ended, intended);
            // Known as living before it is forgotten as ended, so that nobody who asks misses it.
            members.join(member);
            history.drop(name);
            if (member.is(Role.REPLICA)) {
                judgeInTime(member);
            }
            return member;
        } catch (BrockerException e) {
            ContainerRecord failed = intended.ended(ContainerRecord.End.notStarted(e.message()));
            history.add(failed);
            goOnAfter(failed);
            throw e;
        }
    }

    /** What is to come of a container that has ended: it is started again, or replaced, or neither. */
    void goOnAfter(ContainerRecord last) {
        if (service.get().removing()) {
            return;
        }
        Optional<Duration> pause = parts.rule(last).pause();
        if (pause.isPresent()) {
            later(pause.get(), () -> comeBack(last.name()));
        } else if (last.role() != Role.APPLICATION) {
            replace(last);
        }
    }

    private Member launch(Launch launch) {
        Member member = launch.run(
                service.get(),
                parts,
                name -> members.find(name).isPresent()
                        || history.has(name)
                        || broken.find(name).isPresent());
        members.join(member);
        return member;
    }

    /** Unless its users have brought it back, stopped or removed it meanwhile. */
    private void comeBack(ContainerName name) {
        if (resting(name).isPresent()) {
            try {
                startAgain(name);
            } catch (BrockerException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "container \"" + name.abbreviated() + "\" is not started again: " + e.message());
            }
        }
    }

    private Optional<ContainerRecord> resting(ContainerName name) {
        return history.find(name).filter(known -> parts.rule(known).pause().isPresent());
    }

    private Set<Integer> addressesBut(ContainerName name) {
        Set<Integer> taken = new HashSet<>(members.addresses());
        taken.addAll(broken.addresses());
        history.resting().stream()
                .filter(resting -> !resting.name().equals(name))
                .forEach(resting -> taken.add(resting.address()));
        return taken;
    }

    /** What Brocker started it starts again. */
    private void replace(ContainerRecord last) {
        Duration lived =
                Duration.between(last.created(), last.end().orElseThrow().at());
        if (last.role() == Role.PROXY) {
            later(proxyBackoff.after(lived).minusSeconds(1), this::startProxy);
            return;
        }
        if (!last.stopping()) {
            pauses.failed(lived, Instant.now());
        }
        later(Duration.ZERO, this::adjust);
    }

    private void later(Duration pause, Runnable work) {
        mailbox.postAfter(pause, () -> {
            if (service.get().removing()) {
                return;
            }
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "service \"" + service.get().name() + "\": " + e.getMessage());
                pauses.failed(Duration.ZERO, Instant.now());
                later(Duration.between(Instant.now(), pauses.next()), work);
            }
        });
    }

    private void requireStaying() {
        if (service.get().removing()) {
            throw new BrockerException.Conflict(
                    "service-removing", "the service \"" + service.get().name() + "\" is being removed", "");
        }
    }
}
