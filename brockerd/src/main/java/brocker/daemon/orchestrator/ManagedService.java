package brocker.daemon.orchestrator;

import brocker.runtime.ExecSession;
import brocker.runtime.network.Addresses;
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
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<ContainerName, Member> members = new ConcurrentHashMap<>();
    private final Map<ContainerName, HealthMonitor> monitors = new ConcurrentHashMap<>();
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
        return members.values().stream()
                .sorted(Comparator.comparing(member -> member.record().created()))
                .toList();
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
     * Stops a container: out of the upstream, what worked with it gone, then the signal, and after the time-out the end.
     *
     * @return what it ended with
     */
    ContainerRecord stop(Member member, Optional<Duration> timeout) {
        mailbox.call(() -> leave(member)).drained().join();
        ContainerSpec spec = member.record().spec();
        member.running().signal(spec.stopSignalOrDefault());
        return Ending.await(member, timeout.orElseGet(spec::stopTimeoutOrDefault));
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
        monitors.values().forEach(HealthMonitor::close);
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
        for (Member member : living) {
            join(member);
            if (member.is(Role.PROXY)) {
                proxy.attach(member.running());
            }
        }
        if (living.stream().noneMatch(member -> member.is(Role.PROXY))) {
            later(Duration.ZERO, this::startProxy);
        }
        later(Duration.ZERO, this::fill);
    }

    /** Starts replicas until there are as many as there should be. */
    private void fill() {
        long living = members.values().stream()
                .filter(member -> member.is(Role.REPLICA) && !member.record().stopping())
                .count();
        for (long i = living; i < record.spec().desiredReplicas() && !record.removing(); i++) {
            ContainerSpec template = record.spec().container().orElseThrow();
            launch(Role.REPLICA, template.inService(record.name()));
        }
    }

    private void startProxy() {
        List<Member> serving = members().stream().filter(Member::serving).toList();
        ContainerSpec spec = parts.proxy().prepare(record, upstream(serving));
        Map<String, String> inheritance =
                parts.proxy().inheritance(proxy.published().sockets().size());
        Member member = launch(new Launch(
                Role.PROXY,
                spec,
                record.proxyAddress(),
                inheritance,
                proxy.published().sockets()));
        proxy.attach(member.running());
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
        if (record.removing()) {
            throw new BrockerException.Conflict(
                    "service-removing", "the service \"" + record.name() + "\" is being removed", "");
        }
        Set<Integer> taken = new HashSet<>();
        members.values().forEach(member -> taken.add(member.record().address()));
        return launch(new Launch(role, spec, AddressPool.lowestFree(record, taken), Map.of(), List.of()));
    }

    private Member launch(Launch launch) {
        Member member = launch.run(record, parts, name -> members.containsKey(name) || history.has(name));
        join(member);
        return member;
    }

    /** A container runs: from now on its health and its end are watched. */
    private void join(Member member) {
        ContainerName name = member.record().name();
        members.put(name, member);
        if (!member.is(Role.PROXY)) {
            InetSocketAddress target = new InetSocketAddress(
                    Addresses.of(member.record().address()), record.spec().portOrDefault());
            monitors.put(
                    name,
                    new HealthMonitor(
                            name.abbreviated(),
                            record.spec().healthOrDefault(),
                            new HealthProbe(record.spec().healthOrDefault(), target),
                            proxy::open,
                            member.record().ready(),
                            failure -> mailbox.post(() -> checked(member, failure))));
        }
        var _ = member.running().exit().thenAccept(exit -> mailbox.post(() -> ended(member)));
    }

    private void checked(Member member, Optional<String> failure) {
        if (!member.record().alive()) {
            return;
        }
        boolean served = member.serving();
        member.explain(failure.orElse(""));
        if (member.record().ready() != failure.isEmpty()) {
            member.become(member.record().checked(failure.isEmpty()));
            parts.store().intend(member.record());
        }
        if (member.serving() != served) {
            refresh();
        }
    }

    private ProxyControl.Change leave(Member member) {
        boolean served = member.serving();
        member.become(member.record().stopRequested());
        parts.store().save(member.record());
        return served ? refresh() : new ProxyControl.Change().complete();
    }

    /** Its network stays until the proxy has left it: what is still sent there is refused at once, and goes to another. */
    private void ended(Member member) {
        boolean served = member.serving();
        ContainerName name = member.record().name();
        ContainerRecord last = member.record().ended(History.endOf(parts.launcher(), member.record(), "killed"));
        member.become(member.record().stopRequested());
        Optional.ofNullable(monitors.remove(name)).ifPresent(HealthMonitor::close);
        if (member.is(Role.PROXY)) {
            proxy.detach();
        }
        ProxyControl.Change left = served ? refresh() : new ProxyControl.Change().complete();
        if (left.serving().isDone()) {
            bury(member, last);
        } else {
            var _ = left.serving().thenRun(() -> mailbox.post(() -> bury(member, last)));
        }
    }

    private void bury(Member member, ContainerRecord last) {
        member.become(last);
        try {
            member.running().close();
            parts.launcher().release(last);
            parts.veths().release(last.veth());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "cleaning up container \"" + last.name() + "\": " + e.getMessage(), e);
        }
        try {
            // Known as ended before it is forgotten as living, so that nobody who asks misses it.
            history.add(last);
        } finally {
            members.remove(last.name());
            member.ended().complete(last);
        }
        replace(last);
    }

    /** What Brocker started it starts again. */
    private void replace(ContainerRecord last) {
        if (record.removing() || last.role() == Role.APPLICATION) {
            return;
        }
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

    /** Tells the proxy who serves now. */
    private ProxyControl.Change refresh() {
        List<Member> serving = members().stream().filter(Member::serving).toList();
        ProxyControl.Change change = proxy.apply(upstream(serving));
        var _ = change.serving().thenRun(() -> serving.forEach(Member::joined));
        return change;
    }

    private List<Upstream> upstream(List<Member> serving) {
        return serving.stream()
                .map(member ->
                        new Upstream(member.record().address(), record.spec().portOrDefault()))
                .toList();
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
        mailbox.run(() -> history.records().stream()
                .filter(ended -> ended.name().equals(name))
                .forEach(history::remove));
    }

    /** Ends every container, for a daemon that takes them with it. */
    void stopAll() {
        mailbox.run(() -> record = record.beingRemoved());
        Ending.all(members(), record.spec().drainTimeoutOrDefault());
    }

    /** The names of every container that is known. */
    Set<ContainerName> names() {
        // The living first: one that ends meanwhile is among the ended before it leaves them.
        Set<ContainerName> names = new HashSet<>(members.keySet());
        history.records().forEach(record -> names.add(record.name()));
        return names;
    }

    /** Every container that is known, living or ended, in the order of creation. */
    Stream<ContainerView> views(boolean all) {
        List<Member> known = members();
        List<ContainerRecord> ended = history.records();
        Set<ContainerName> gone = ended.stream().map(ContainerRecord::name).collect(Collectors.toSet());
        Stream<ContainerView> living = known.stream()
                .filter(member -> !gone.contains(member.record().name()))
                .map(Member::view);
        return all ? Stream.concat(ended.stream().map(Views::ended), living) : living;
    }
}
