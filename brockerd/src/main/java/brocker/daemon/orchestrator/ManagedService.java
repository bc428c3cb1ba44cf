package brocker.daemon.orchestrator;

import brocker.daemon.orchestrator.ContainerRecord.Asked;
import brocker.runtime.Step;
import brocker.runtime.network.HostNetwork;
import brocker.spec.BrockerException;
import brocker.spec.wire.ServiceView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
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
    private final ServiceContainers containers;
    private volatile @Nullable Deployment deployment;
    private volatile @Nullable ServiceRecord coming;
    private volatile ServiceRecord record;

    private ManagedService(ServiceRecord record, Parts parts, PublishedSockets published, List<ContainerRecord> ended) {
        Pulse pulse = new Pulse();
        this.record = record;
        this.parts = parts;
        this.history = new History(parts, pulse, ended);
        this.mailbox = new Mailbox(record.name().value());
        this.proxy = new ProxyKeeper(
                this::served, parts.proxy(), published, parts.launcher().runtime()::sockets);
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
        this.containers = new ServiceContainers(
                parts, this::record, mailbox, members, history, supervisor, new FinalEnd(members, history, pulse));
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

    /** As its ingresses and its proxy are to serve it: as it is, or is about to be. */
    ServiceRecord served() {
        ServiceRecord then = coming;
        return then == null ? record : then;
    }

    /** Its proxy does what should be done now. */
    ProxyControl.Change refresh() {
        return mailbox.call(() -> members.refresh(ProxyControl.Pace.CAREFUL));
    }

    /** Its containers, and what can be asked of them. */
    ServiceContainers containers() {
        return containers;
    }

    ServiceView view() {
        return Views.of(record, members.all(), proxy.problem());
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
    void change(UnaryOperator<ServiceRecord> how) {
        mailbox.run(() -> {
            become(how.apply(record));
            coming = null;
            members.refresh(ProxyControl.Pace.CAREFUL);
        });
        parts.services().reroute(record);
    }

    /** The same, when the ingresses and the proxy do what the service then is. */
    void changeWhenServed(UnaryOperator<ServiceRecord> how) throws InterruptedException {
        mailbox.run(() -> coming = how.apply(record));
        parts.services().reroute(record);
        try {
            refresh().serving().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a change fails never", e);
        }
        change(how);
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
        network().ensureBridge(record.bridgePlan());
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
        Ending.all(members.all(), grace);
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

    /** Ends every container, for a daemon that takes them with it. */
    void stopAll() {
        mailbox.run(() -> record = record.beingRemoved());
        Ending.all(members.all(), record.spec().drainTimeoutOrDefault());
    }
}
