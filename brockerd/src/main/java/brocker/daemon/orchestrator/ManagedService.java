package brocker.daemon.orchestrator;

import brocker.daemon.orchestrator.ContainerRecord.Asked;
import brocker.runtime.ExecSession;
import brocker.runtime.Step;
import brocker.runtime.network.HostNetwork;
import brocker.spec.BrockerException;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceSpec;
import brocker.spec.Signal;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.Role;
import brocker.spec.wire.ServiceView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final ProxyKeeper proxy;
    private final Supervisor supervisor;
    private final FinalEnd finalEnd;
    private volatile @Nullable Deployment deployment;
    private volatile @Nullable ServiceSpec routed;
    private volatile ServiceRecord record;

    private ManagedService(ServiceRecord record, Parts parts, PublishedSockets published, List<ContainerRecord> ended) {
        Pulse pulse = new Pulse();
        this.record = record;
        this.parts = parts;
        this.history = new History(parts, pulse, ended);
        this.mailbox = new Mailbox(record.name().value());
        this.proxy = new ProxyKeeper(this::record, parts.proxy(), published);
        this.members = new Members(parts, this::record, mailbox, proxy, history, pulse, new Members.Listener() {
            @Override
            public void checked(Member member) {
                supervisor.goOnAfterCheck(member);
            }

            @Override
            public void ended(ContainerRecord last) {
                supervisor.goOnAfter(last);
            }
        });
        this.supervisor = new Supervisor(parts, this::record, mailbox, members, history, proxy, this::retireLater);
        this.finalEnd = new FinalEnd(members, history, pulse);
    }

    /**
     * Makes a new service, with its replicas. A failure leaves nothing of it.
     *
     * @param published bound already; the service's from now on
     */
    static ManagedService create(ServiceRecord record, Parts parts, PublishedSockets published) {
        ManagedService service = new ManagedService(record, parts, published, List.of());
        try {
            parts.store().save(record);
            Step.SERVICE_NOTED.done();
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
                .map(member -> PublishedSockets.takeBack(record, member.running()))
                .orElseGet(() -> publishAgain(record, parts.ingressSockets()));
        ManagedService service = new ManagedService(record, parts, published, adoption.ended());
        service.mailbox.run(() -> service.resume(adoption.living()));
        return service;
    }

    /** A port that somebody else has taken meanwhile keeps one service from being reached, not the daemon from starting. */
    private static PublishedSockets publishAgain(ServiceRecord record, IngressSockets ingressSockets) {
        try {
            return PublishedSockets.open(record, ingressSockets);
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.ERROR, "service \"" + record.name() + "\": " + e.message());
            return new PublishedSockets(List.of());
        }
    }

    ServiceRecord record() {
        return record;
    }

    /** By whose hosts the ingresses reach it: as it is, or is about to be. */
    ServiceSpec routed() {
        ServiceSpec next = routed;
        return next == null ? record.spec() : next;
    }

    /** Returns when the ingresses reach it as a revision says, which it is about to become. */
    void reroute(Revision next) {
        routed = next.spec();
        parts.services().reroute(record);
    }

    /** Its proxy does what should be done now. */
    ProxyControl.Change refresh() {
        return mailbox.call(() -> members.refresh(ProxyControl.Pace.CAREFUL));
    }

    List<Member> members() {
        return members.all();
    }

    History history() {
        return history;
    }

    ServiceView view() {
        return Views.of(record, members(), proxy.problem());
    }

    /** Runs a container that lives until the user stops it. */
    ContainerView run(ContainerSpec spec) {
        return mailbox.call(() -> supervisor.launch(Role.APPLICATION, 0, spec)).view();
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
        return mailbox.call(() -> supervisor.startAgain(name)).view();
    }

    /**
     * Sends a signal to a container's command at once. One that would end it, SIGKILL or its stop signal, asks for its end as stop
     * does: it leaves the upstream, and is not started again.
     */
    ContainerView kill(Member member, Signal signal) {
        if (signal == Signal.SIGKILL || signal == member.record().spec().stopSignalOrDefault()) {
            mailbox.run(() -> members.leave(member, Asked.STOP));
        }
        if (!member.running().signal(signal)) {
            throw Orchestrator.notRunning(member.record().name());
        }
        return member.view();
    }

    /** Waits until a container has ended and is not started again; nothing where the time is over before. */
    Optional<ContainerView> awaitEnd(ContainerName name, Duration longest) throws InterruptedException {
        return finalEnd.await(name, longest).map(history::view);
    }

    private ContainerRecord end(ContainerName name, Asked asked, Optional<Duration> timeout) {
        Optional<Member> living = members.find(name);
        if (living.isEmpty()) {
            return mailbox.call(() -> ask(name, asked));
        }
        Member member = living.get();
        ProxyControl.Change left = mailbox.call(() -> members.leave(member, asked));
        return Ending.after(left, member, timeout, record.spec().drainTimeoutOrDefault());
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

    /** It is so when it is noted; what cannot be, as on a full disk, has not happened. */
    private void become(ServiceRecord next) {
        parts.store().save(next);
        record = next;
    }

    /** Takes the service down with everything that belongs to it. */
    void remove() {
        mailbox.run(() -> {
            become(record.beingRemoved());
            Step.REMOVAL_NOTED.done();
        });
        parts.services().reroute(record);
        tearDown(record.spec().drainTimeoutOrDefault());
    }

    /** The daemon leaves, the containers stay. */
    void release() {
        closeDeployment();
        members.close();
        proxy.close();
        mailbox.close();
    }

    private void closeDeployment() {
        Deployment current = deployment;
        if (current != null) {
            current.close();
        }
    }

    /**
     * Begins to change to another revision.
     *
     * @param next says which
     */
    ServiceView deploy(UnaryOperator<ServiceRecord> next) {
        mailbox.run(() -> {
            requireQuiet();
            ServiceRecord begun = next.apply(record);
            requireDirectives(begun);
            become(begun);
            Step.DEPLOYMENT_NOTED.done();
            deploy();
        });
        return view();
    }

    /** Changes how many replicas there should be; they come and go from then on. */
    ServiceView scale(int replicas) {
        mailbox.run(() -> {
            requireQuiet();
            if (record.active().isEmpty()) {
                throw new BrockerException.Conflict(
                        "no-template",
                        "the service \"" + record.name() + "\" has no \"container\" to start replicas of",
                        "deploy a file that has one: brocker-client service deploy FILE");
            }
            become(record.scaled(replicas));
            Step.SCALE_NOTED.done();
            supervisor.adjustNow();
        });
        return view();
    }

    /** Changes what is noted of the service, and what its proxy does by it. For the deployment under way. */
    void change(UnaryOperator<ServiceRecord> next) {
        mailbox.run(() -> {
            become(next.apply(record));
            members.refresh(ProxyControl.Pace.CAREFUL);
        });
        routed = null;
        parts.services().reroute(record);
    }

    /** The same, when the proxy does what the service then is. */
    void changeWithProxy(UnaryOperator<ServiceRecord> next) throws InterruptedException {
        ProxyControl.Change begun =
                mailbox.call(() -> proxy.apply(next.apply(record), members.traffic(), ProxyControl.Pace.CAREFUL));
        try {
            begun.serving().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change fails never", e);
        }
        change(next);
    }

    /** After a deployment: what should be there is there. */
    void settle() {
        mailbox.run(supervisor::settle);
    }

    Member launchReplica(Revision revision) {
        return mailbox.call(() -> supervisor.launchReplica(revision));
    }

    /** Takes members out of the upstream together, and stops each when what it was sent is done. */
    void retire(List<Member> leaving) {
        List<ProxyControl.Change> left = mailbox.call(() -> leaveAll(leaving));
        Ending.allAfter(left, leaving);
    }

    private void retireLater(List<Member> leaving) {
        List<ProxyControl.Change> left = leaveAll(leaving);
        Thread.ofVirtual().name("retire-" + record.name()).start(() -> Ending.allAfter(left, leaving));
    }

    private List<ProxyControl.Change> leaveAll(List<Member> leaving) {
        return leaving.stream().map(member -> members.leave(member, Asked.STOP)).toList();
    }

    private void requireQuiet() {
        record.deploying().ifPresent(revision -> {
            throw new BrockerException.Conflict(
                    "deployment-under-way",
                    "the service \"" + record.name() + "\" is being deployed: revision " + revision.number(),
                    "follow it: brocker-client service status --follow " + record.name());
        });
    }

    /** Directives that the proxy does not have yet it has to take, before anything is changed. */
    private void requireDirectives(ServiceRecord begun) {
        Revision target = begun.deploying().orElseThrow();
        List<String> directives = target.spec().nginx();
        if (!directives.isEmpty() && !directives.equals(record.spec().nginx())) {
            proxy.require(begun.activated(target), members.traffic());
        }
    }

    private void deploy() {
        record.deploying().ifPresent(target -> {
            Deployment begun = new Deployment(this, parts, members, history, target);
            deployment = begun;
            begun.start();
        });
    }

    private void build() {
        network().addBridge(record.bridgePlan());
        Step.BRIDGE_MADE.done();
        parts.names().add(record);
        supervisor.startProxy();
        supervisor.adjust();
    }

    private void resume(List<Member> living) {
        if (!network().has(record.bridge())) {
            network().addBridge(record.bridgePlan());
        }
        nameAgain();
        living.forEach(members::join);
        supervisor.resume();
        deploy();
    }

    /** Names that cannot be answered for are missed, but keep no container from going on. */
    private void nameAgain() {
        try {
            parts.names().add(record);
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.ERROR, "service \"" + record.name() + "\": " + e.message());
        }
    }

    private void tearDown(Duration grace) {
        closeDeployment();
        Ending.all(members(), grace);
        Step.SERVICE_ENDED.done();
        proxy.close();
        mailbox.run(() -> {
            parts.names().remove(record);
            network().deleteBridge(record.bridge());
            Step.BRIDGE_DELETED.done();
            parts.ingressSockets().forget(record);
            parts.proxy().forget(record);
            Step.CONFIGURATION_DELETED.done();
            history.deleteDirectories();
            parts.store().remove(record.name());
            Step.SERVICE_FORGOTTEN.done();
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
