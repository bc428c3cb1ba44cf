package brocker.daemon.orchestrator;

import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private final ProxyKeeper proxy;
    private final Consumer<List<Member>> retire;
    private final Backoff replicaBackoff = new Backoff();
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
            ProxyKeeper proxy,
            Consumer<List<Member>> retire) {
        this.parts = parts;
        this.service = service;
        this.mailbox = mailbox;
        this.members = members;
        this.history = history;
        this.proxy = proxy;
        this.retire = retire;
    }

    /** Takes up what there should be, with what an earlier daemon has left. */
    void resume() {
        if (members.all().stream().noneMatch(member -> member.is(Role.PROXY))) {
            later(Duration.ZERO, this::startProxy);
        }
        ProxyControl.Change current = members.refresh(ProxyControl.Pace.CAREFUL);
        members.all().stream()
                .filter(member -> member.record().stopping())
                .forEach(member -> Thread.ofVirtual()
                        .name("stop-" + member.record().name().abbreviated())
                        .start(() -> Ending.after(current, member, Optional.empty())));
        history.resting().forEach(this::goOnAfter);
        later(Duration.ZERO, this::adjust);
    }

    /** Starts an application or, of a revision, a replica. */
    Member launch(Role role, int revision, ContainerSpec spec) {
        requireStaying();
        Set<Integer> taken = new HashSet<>(members.addresses());
        history.resting().forEach(resting -> taken.add(resting.address()));
        int address = AddressPool.lowestFree(service.get(), taken);
        return launch(new Launch(role, revision, spec, address, Map.of(), List.of()));
    }

    /** Starts a replica of a revision. */
    Member launchReplica(Revision revision) {
        ContainerSpec template = revision.spec().container().orElseThrow();
        return launch(
                Role.REPLICA,
                revision.number(),
                template.inService(service.get().name()));
    }

    /** Starts the proxy, and returns when it accepts connections. */
    void startProxy() {
        ServiceRecord record = service.get();
        ContainerSpec spec = parts.proxy().prepare(record, members.traffic());
        Step.PROXY_CONFIGURED.done();
        Map<String, String> inheritance =
                parts.proxy().inheritance(proxy.published().sockets().size());
        Member member = launch(new Launch(Role.PROXY, 0, spec, record.proxyAddress(), inheritance, proxy.handedOver()));
        try {
            proxy.awaitAnswer(member.running(), () -> parts.launcher().lastWords(member.record()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the proxy started", e);
        }
        parts.proxy().answered(record);
        member.become(member.record().checked(true));
        parts.store().intend(member.record());
        Step.PROXY_ANSWERS.done();
    }

    /** Starts replicas that are missing, and retires the youngest where there are too many. A deployment sees to its own. */
    void adjust() {
        ServiceRecord record = service.get();
        Optional<Revision> active = record.active();
        if (record.removing() || record.deploying().isPresent() || active.isEmpty()) {
            return;
        }
        List<Member> living = members.replicas().toList();
        int desired = record.spec().desiredReplicas();
        long returning = history.resting().stream()
                .filter(resting -> resting.role() == Role.REPLICA)
                .count();
        for (long i = living.size() + returning; i < desired; i++) {
            launchReplica(active.get());
        }
        if (living.size() > desired) {
            retire.accept(living.subList(desired, living.size()));
        }
    }

    /** Starts a container once more that rests, or gives the one that lives again. */
    Member startAgain(ContainerName name) {
        requireStaying();
        Optional<Member> living = members.find(name);
        if (living.isPresent()) {
            return living.get();
        }
        ContainerRecord ended = resting(name).orElseThrow(() -> Orchestrator.notFound(name.value()));
        Set<Integer> others = addressesBut(name);
        int address =
                others.contains(ended.address()) ? AddressPool.lowestFree(service.get(), others) : ended.address();
        ContainerRecord intended = ended.again(address, parts.rule(ended).next());
        try {
            Member member = Launch.again(service.get(), parts, ended, intended);
            // Known as living before it is forgotten as ended, so that nobody who asks misses it.
            members.join(member);
            history.drop(name);
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
        Member member =
                launch.run(service.get(), parts, name -> members.find(name).isPresent() || history.has(name));
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
        history.resting().stream()
                .filter(resting -> !resting.name().equals(name))
                .forEach(resting -> taken.add(resting.address()));
        return taken;
    }

    /** What Brocker started it starts again. */
    private void replace(ContainerRecord last) {
        Duration lived =
                Duration.between(last.created(), last.end().orElseThrow().at());
        boolean isProxy = last.role() == Role.PROXY;
        Duration pause = isProxy
                ? proxyBackoff.after(lived).minusSeconds(1)
                : last.stopping() ? Duration.ZERO : replicaBackoff.after(lived);
        later(pause, isProxy ? this::startProxy : this::adjust);
    }

    private void later(Duration pause, Runnable work) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, mailbox::post)
                .execute(() -> {
                    if (service.get().removing()) {
                        return;
                    }
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "service \"" + service.get().name() + "\": " + e.getMessage());
                        later(replicaBackoff.after(Duration.ZERO), work);
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
