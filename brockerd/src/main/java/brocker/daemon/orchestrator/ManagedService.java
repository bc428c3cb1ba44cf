package brocker.daemon.orchestrator;

import brocker.daemon.orchestrator.ContainerRecord.Asked;
import brocker.runtime.ExecSession;
import brocker.runtime.network.HostNetwork;
import brocker.spec.BrockerException;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.Role;
import brocker.spec.wire.ServiceView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One service: its bridge, its proxy, its containers. Whatever changes it runs in its mailbox, one after the other; waiting for
 * processes to end is done outside, so that nothing else has to wait as well. Thread-safe.
 */
final class ManagedService {
    private static final System.Logger LOG = System.getLogger(ManagedService.class.getName());

    private final Parts parts;
    private final Mailbox mailbox;
    private final History history;
    private final Members members;
    private final Backoff replicaBackoff = new Backoff();
    private final Backoff proxyBackoff = new Backoff();
    private final ProxyKeeper proxy;
    private volatile ServiceRecord record;

    private ManagedService(ServiceRecord record, Parts parts, PublishedSockets published, History history) {
        this.record = record;
        this.parts = parts;
        this.history = history;
        this.mailbox = new Mailbox(record.name().value());
        this.proxy = new ProxyKeeper(record, parts.proxy(), published);
        this.members = new Members(parts, this::record, mailbox, proxy, history, this::goOnAfter);
    }

    /**
     * Makes a new service, with its replicas. A failure leaves nothing of it.
     *
     * @param published bound already; the service's from now on
     */
    static ManagedService create(ServiceRecord record, Parts parts, PublishedSockets published) {
        ManagedService service = new ManagedService(record, parts, published, new History(parts, List.of()));
        try {
            parts.store().save(record);
            service.mailbox.run(service::build);
            return service;
        } catch (RuntimeException e) {
            service.mailbox.run(() -> service.record = service.record.beingRemoved());
            service.tearDown(Duration.ZERO);
            throw e;
        }
    }

    /** Finds a service again that the store knows, with what is left of its containers. */
    static ManagedService adopt(ServiceRecord record, Parts parts, List<ContainerRecord> containers) {
        Adoption adoption = Adoption.of(parts, containers);
        PublishedSockets published = adoption.proxy()
                .map(member -> PublishedSockets.takeBack(
                        member.running(), record.spec().publish().size()))
                .orElseGet(() -> publishAgain(record));
        ManagedService service = new ManagedService(record, parts, published, new History(parts, adoption.ended()));
        service.mailbox.run(() -> service.resume(adoption.living()));
        return service;
    }

    /** A port that somebody else has taken meanwhile keeps one service from being reached, not the daemon from starting. */
    private static PublishedSockets publishAgain(ServiceRecord record) {
        try {
            return PublishedSockets.open(record.spec().publish());
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.ERROR, "service \"" + record.name() + "\": " + e.message());
            return new PublishedSockets(List.of());
        }
    }

    ServiceRecord record() {
        return record;
    }

    List<Member> members() {
        return members.all();
    }

    History history() {
        return history;
    }

    ServiceView view() {
        return Views.of(record, members());
    }

    /** Runs a container that lives until the user stops it. */
    ContainerView run(ContainerSpec spec) {
        return mailbox.call(() -> launch(Role.APPLICATION, spec)).view();
    }

    ExecSession exec(Member member, ExecRequest request) {
        return parts.launcher().exec(member.record(), member.running(), request, Map.of(), List.of());
    }

    ContainerView update(Member member, ContainerLimits change) {
        mailbox.run(() -> new Update(parts, member, change).run());
        return member.view();
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
        return mailbox.call(() -> startAgain(name)).view();
    }

    private ContainerRecord end(ContainerName name, Asked asked, Optional<Duration> timeout) {
        Optional<Member> living = members.find(name);
        if (living.isEmpty()) {
            return mailbox.call(() -> ask(name, asked));
        }
        Member member = living.get();
        mailbox.call(() -> members.leave(member, asked)).drained().join();
        ContainerSpec spec = member.record().spec();
        member.running().signal(spec.stopSignalOrDefault());
        return Ending.await(member, timeout.orElseGet(spec::stopTimeoutOrDefault));
    }

    /** Of one that has ended: that it is started again, or that it is not. */
    private ContainerRecord ask(ContainerName name, Asked asked) {
        ContainerRecord ended = history.find(name).orElseThrow(() -> Orchestrator.notFound(name.value()));
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

    /** Takes the service down with everything that belongs to it. */
    void remove() {
        mailbox.run(() -> {
            record = record.beingRemoved();
            parts.store().save(record);
        });
        tearDown(record.spec().drainTimeoutOrDefault());
    }

    /** The daemon leaves, the containers stay. */
    void release() {
        members.close();
        proxy.close();
        mailbox.close();
    }

    private void build() {
        network().addBridge(record.bridgePlan());
        startProxy();
        fill();
    }

    private void resume(List<Member> living) {
        if (!network().has(record.bridge())) {
            network().addBridge(record.bridgePlan());
        }
        living.forEach(members::join);
        if (living.stream().noneMatch(member -> member.is(Role.PROXY))) {
            later(Duration.ZERO, this::startProxy);
        }
        history.resting().forEach(this::goOnAfter);
        later(Duration.ZERO, this::fill);
    }

    /** Starts replicas until there are as many as there should be. */
    private void fill() {
        long living = members.all().stream()
                        .filter(member -> member.is(Role.REPLICA) && member.stays())
                        .count()
                + history.resting().stream()
                        .filter(record -> record.role() == Role.REPLICA)
                        .count();
        for (long i = living; i < record.spec().desiredReplicas() && !record.removing(); i++) {
            ContainerSpec template = record.spec().container().orElseThrow();
            launch(Role.REPLICA, template.inService(record.name()));
        }
    }

    private void startProxy() {
        ContainerSpec spec = parts.proxy().prepare(record, members.upstream());
        Map<String, String> inheritance =
                parts.proxy().inheritance(proxy.published().sockets().size());
        Member member = launch(new Launch(
                Role.PROXY,
                spec,
                record.proxyAddress(),
                inheritance,
                proxy.published().sockets()));
        try {
            proxy.awaitAnswer(member.running(), () -> parts.launcher().lastWords(member.record()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the proxy started", e);
        }
        member.become(member.record().checked(true));
        parts.store().intend(member.record());
    }

    private Member launch(Role role, ContainerSpec spec) {
        requireStaying();
        Set<Integer> taken = new HashSet<>(members.addresses());
        history.resting().forEach(resting -> taken.add(resting.address()));
        return launch(new Launch(role, spec, AddressPool.lowestFree(record, taken), Map.of(), List.of()));
    }

    private Member launch(Launch launch) {
        Member member = launch.run(record, parts, name -> members.find(name).isPresent() || history.has(name));
        members.join(member);
        return member;
    }

    /** Starts a container once more that rests, or gives the one that lives again. */
    private Member startAgain(ContainerName name) {
        requireStaying();
        Optional<Member> living = members.find(name);
        if (living.isPresent()) {
            return living.get();
        }
        ContainerRecord ended = history.find(name)
                .filter(known -> parts.rule(known).pause().isPresent())
                .orElseThrow(() -> Orchestrator.notFound(name.value()));
        Set<Integer> others = addresses(name);
        int address = others.contains(ended.address()) ? AddressPool.lowestFree(record, others) : ended.address();
        ContainerRecord intended = ended.again(address, parts.rule(ended).next());
        try {
            Member member = Launch.again(record, parts, ended, intended);
            history.drop(name);
            members.join(member);
            return member;
        } catch (BrockerException e) {
            ContainerRecord failed = intended.ended(ContainerRecord.End.notStarted(e.message()));
            history.add(failed);
            goOnAfter(failed);
            throw e;
        }
    }

    /** Of the living, and of those that come back, but for one. */
    private Set<Integer> addresses(ContainerName but) {
        Set<Integer> taken = new HashSet<>(members.addresses());
        history.resting().stream()
                .filter(resting -> !resting.name().equals(but))
                .forEach(resting -> taken.add(resting.address()));
        return taken;
    }

    private void requireStaying() {
        if (record.removing()) {
            throw new BrockerException.Conflict(
                    "service-removing", "the service \"" + record.name() + "\" is being removed", "");
        }
    }

    /** What is to come of a container that has ended: it is started again, or replaced, or neither. */
    private void goOnAfter(ContainerRecord last) {
        if (record.removing()) {
            return;
        }
        Optional<Duration> pause = parts.rule(last).pause();
        if (pause.isPresent()) {
            later(pause.get(), () -> comeBack(last.name()));
        } else if (last.role() != Role.APPLICATION) {
            replace(last);
        }
    }

    /** Unless its users have brought it back, stopped or removed it meanwhile. */
    private void comeBack(ContainerName name) {
        Optional<ContainerRecord> resting =
                history.find(name).filter(record -> parts.rule(record).pause().isPresent());
        if (resting.isPresent()) {
            try {
                startAgain(name);
            } catch (BrockerException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "container \"" + name.abbreviated() + "\" is not started again: " + e.message());
            }
        }
    }

    /** What Brocker started it starts again. */
    private void replace(ContainerRecord last) {
        Duration lived =
                Duration.between(last.created(), last.end().orElseThrow().at());
        boolean isProxy = last.role() == Role.PROXY;
        Duration pause = isProxy
                ? proxyBackoff.after(lived).minusSeconds(1)
                : last.stopping() ? Duration.ZERO : replicaBackoff.after(lived);
        later(pause, isProxy ? this::startProxy : this::fill);
    }

    private void later(Duration pause, Runnable work) {
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, mailbox::post)
                .execute(() -> {
                    if (record.removing()) {
                        return;
                    }
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.WARNING, "service \"" + record.name() + "\": " + e.getMessage());
                        later(replicaBackoff.after(Duration.ZERO), work);
                    }
                });
    }

    private void tearDown(Duration grace) {
        Ending.all(members(), grace);
        proxy.close();
        mailbox.run(() -> {
            network().deleteBridge(record.bridge());
            parts.proxy().forget(record);
            history.deleteDirectories();
            parts.store().remove(record.name());
        });
        mailbox.close();
    }

    private HostNetwork network() {
        return parts.launcher().runtime().network();
    }

    /** Forgets a container that has ended, where it is one of this service's. */
    void forget(ContainerName name) {
        mailbox.run(() -> history.find(name).ifPresent(history::remove));
    }

    /** Ends every container, for a daemon that takes them with it. */
    void stopAll() {
        mailbox.run(() -> record = record.beingRemoved());
        Ending.all(members(), record.spec().drainTimeoutOrDefault());
    }

    /** The names of every container that is known. */
    Set<ContainerName> names() {
        // The living first: one that ends meanwhile is among the ended before it leaves them.
        Set<ContainerName> names = members.all().stream()
                .map(member -> member.record().name())
                .collect(Collectors.toCollection(HashSet::new));
        history.records().forEach(record -> names.add(record.name()));
        return names;
    }

    /** Every container that is known, in the order of creation: those that have ended and stay so only where all are wanted. */
    Stream<ContainerView> views(boolean all) {
        List<Member> known = members();
        Set<ContainerName> gone =
                history.records().stream().map(ContainerRecord::name).collect(Collectors.toSet());
        Stream<ContainerView> living = known.stream()
                .filter(member -> !gone.contains(member.record().name()))
                .map(Member::view);
        return Stream.concat(history.views(all).stream(), living);
    }
}
