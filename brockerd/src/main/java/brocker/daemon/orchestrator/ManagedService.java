package brocker.daemon.orchestrator;

import brocker.daemon.allocation.PublishedSockets;
import brocker.daemon.fault.Faults;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.StoredService;
import brocker.daemon.turn.Mailbox;
import brocker.daemon.turn.Pulse;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.wire.ServiceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final ProxyProgram program;
    private final Supervisor supervisor;
    private final ServiceContainers containers;
    private final BrokenContainers brokenContainers;
    private final String broken;
    private volatile @Nullable Deployment deployment;
    private volatile @Nullable ServiceRecord coming;
    private volatile ServiceRecord record;

    private ManagedService(
            StoredService stored,
            Parts parts,
            PublishedSockets published,
            List<ContainerRecord> ended,
            List<BrokenContainer> brokenOnes) {
        Pulse pulse = new Pulse();
        this.record = stored.record();
        this.broken = stored.broken();
        this.parts = parts;
        this.mailbox = new Mailbox(record.name().value());
        this.history = new History(parts, pulse, mailbox::post, ended);
        this.brokenContainers = new BrokenContainers(parts, brokenOnes);
        this.proxy = new ProxyKeeper(this::served, parts.proxy(), published, parts.runtime()::connector);
        this.members = new Members(parts, this::record, mailbox, proxy, history, pulse, new Members.Listener() {
            @Override
            public void checked(Member member) {
                supervisor.goOnAfterCheck(member);
            }

            @Override
            public void ended(ContainerRecord last) {
                if (broken.isEmpty()) {
                    supervisor.goOnAfter(last);
                }
            }
        });
        this.program = new ProxyProgram(parts, members, proxy);
        this.supervisor = new Supervisor(
                parts, this::record, mailbox, members, history, brokenContainers, proxy, this::retireLater);
        this.containers = new ServiceContainers(
                parts,
                this::record,
                mailbox,
                members,
                history,
                brokenContainers,
                supervisor,
                new FinalEnd(members, history, pulse));
    }

    /**
     * Makes a new service, with its replicas. A failure leaves nothing of it.
     *
     * @param published bound already; the service's from now on
     */
    static ManagedService create(ServiceRecord record, Parts parts, PublishedSockets published) {
        StoredService sound = new StoredService(record, "", List.of());
        ManagedService service = new ManagedService(sound, parts, published, List.of(), List.of());
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

    /**
     * Finds a service again that the store knows, with what is left of its containers. It is taken up by {@link #resume}.
     *
     * @param unreadable containers of it
     */
    static ManagedService adopt(
            StoredService stored, Parts parts, Adoption adoption, List<BrokenContainer> unreadable) {
        List<BrokenContainer> brokenOnes = new ArrayList<>(unreadable);
        adoption.lost()
                .forEach((record, why) ->
                        brokenOnes.add(BrokenContainer.of(record, "it cannot be found again: " + why)));
        StoredService found = adoption.lostProxy()
                .filter(_ -> stored.broken().isEmpty())
                .map(why ->
                        new StoredService(stored.record(), "its proxy cannot be found again: " + why, stored.flaws()))
                .orElse(stored);
        PublishedSockets published = found.broken().isEmpty()
                ? published(stored.record(), parts, adoption.proxy())
                // Its proxy has them, and no other is started.
                : new PublishedSockets(List.of());
        List<ContainerRecord> ended = new ArrayList<>(adoption.ended());
        ended.addAll(adoption.gone());
        return new ManagedService(found, parts, published, ended, brokenOnes);
    }

    /** A port that somebody else has taken meanwhile keeps one service from being reached, not the daemon from starting. */
    private static PublishedSockets published(ServiceRecord record, Parts parts, Optional<Member> proxy) {
        try {
            return proxy.isPresent()
                    ? PublishedSockets.takeBack(record, proxy.get().running())
                    : PublishedSockets.open(record, parts.ingressSockets());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "service \"" + record.name() + "\": " + e.getMessage());
            return new PublishedSockets(List.of());
        }
    }

    /** Takes up what an earlier daemon did; of a broken service only what keeps its containers as they are. */
    void resume(Adoption adoption) {
        if (!broken.isEmpty()) {
            parts.faults().note(Faults.Subject.of(record.name()), "it is broken: " + broken);
        }
        Resumption resumption = new Resumption(
                parts, this::record, broken.isEmpty(), mailbox, members, history, brokenContainers, supervisor);
        mailbox.run(() -> {
            resumption.run(adoption);
            if (broken.isEmpty()) {
                deploy();
            }
        });
    }

    /**
     * Makes sure that the daemon can look after the service.
     *
     * @throws BrockerException.Conflict when it is broken
     */
    void requireSound() {
        if (!broken.isEmpty()) {
            throw new BrockerException.Conflict(
                    "service-broken",
                    "the service \"" + record.name() + "\" is broken: " + broken,
                    "start the version of Brocker that wrote it, or remove it and add it again: brocker-client service remove "
                            + record.name());
        }
    }

    /** Whether the daemon only keeps it. */
    boolean broken() {
        return !broken.isEmpty();
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
        return Views.of(record, members.all(), broken, proxy.problem(), warnings());
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(parts.faults().of(record.name()));
        program.warning().ifPresent(warnings::add);
        return warnings;
    }

    /** It is so when it is noted; what cannot be, as on a full disk, has not happened. */
    private void become(ServiceRecord next) {
        parts.store().save(next);
        record = next;
    }

    /** Takes the service down with everything that belongs to it. */
    void remove() {
        mailbox.run(() -> {
            if (broken.isEmpty()) {
                become(record.beingRemoved());
            } else {
                // What is known of it is too little to be saved.
                record = record.beingRemoved();
            }
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

    /** The program that its proxy executes. */
    ProxyProgram program() {
        return program;
    }

    /** Whether nothing is under way that an upgrade of the proxy would hold up. */
    boolean isQuiet() {
        return broken.isEmpty()
                && !record.removing()
                && record.deploying().isEmpty()
                && proxy.problem().isEmpty();
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
        parts.bridges().add(record.bridgePlan());
        Step.BRIDGE_MADE.done();
        parts.names().add(record);
        supervisor.startProxy();
        supervisor.adjust();
    }

    private void tearDown(Duration grace) {
        closeDeployment();
        Ending.all(members.all(), grace);
        Step.SERVICE_ENDED.done();
        proxy.close();
        mailbox.run(() -> {
            brokenContainers.removeAll();
            parts.names().remove(record);
            if (record.number() > 0) {
                parts.bridges().delete(record.bridge());
            }
            Step.BRIDGE_DELETED.done();
            parts.ingressSockets().forget(record);
            parts.proxy().forget(record);
            Step.CONFIGURATION_DELETED.done();
            history.forgetAll();
            parts.store().remove(record.name());
            parts.faults().forget(record.name());
            Step.SERVICE_FORGOTTEN.done();
        });
        mailbox.close();
    }

    /** Ends every container, for a daemon that takes them with it. */
    void stopAll() {
        mailbox.run(() -> record = record.beingRemoved());
        Ending.all(members.all(), record.spec().drainTimeoutOrDefault());
    }
}
