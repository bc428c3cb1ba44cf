package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.health.HealthMonitor;
import brocker.daemon.health.Probes;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.ProxyControl.Pace;
import brocker.daemon.port.Traffic;
import brocker.daemon.port.Upstream;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Mailbox;
import brocker.daemon.turn.Pulse;
import brocker.runtime.Step;
import brocker.runtime.cgroup.CpuWeight;
import brocker.runtime.network.Addresses;
import brocker.spec.ContainerName;
import brocker.spec.ServiceSpec;
import brocker.spec.wire.HealthState;
import brocker.spec.wire.Role;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The living containers of one service. Their health and their end are watched, the proxy is told who serves, and what is left of one
 * that has ended is cleaned up. Changed by the service's mailbox alone; read by everybody.
 */
final class Members implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Members.class.getName());

    private static final Duration NOTE_PAUSE = Duration.ofSeconds(1);

    /** How long those that join receive fewer requests than others, unless one is asked to leave before. */
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final Parts parts;
    private final Supplier<ServiceRecord> service;
    private final Mailbox mailbox;
    private final ProxyKeeper proxy;
    private final History history;
    private final Listener listener;
    private final Map<ContainerName, Member> living = new ConcurrentHashMap<>();
    private final Map<ContainerName, Probes.Watch> monitors = new ConcurrentHashMap<>();
    private final Pulse pulse;
    private long joins; // how often some have joined; the mailbox's alone

    /** Told of what becomes of the members, in the mailbox. */
    interface Listener {
        /** It has become healthy, or is not any more. */
        void checked(Member member);

        /** It has ended, and nothing of it is left on the host. */
        void ended(ContainerRecord last);
    }

    /**
     * None yet.
     *
     * @param pulse beats with every change of who is there and who is ready
     */
    Members(
            Parts parts,
            Supplier<ServiceRecord> service,
            Mailbox mailbox,
            ProxyKeeper proxy,
            History history,
            Pulse pulse,
            Listener listener) {
        this.parts = parts;
        this.service = service;
        this.mailbox = mailbox;
        this.proxy = proxy;
        this.history = history;
        this.pulse = pulse;
        this.listener = listener;
    }

    /** All, in the order of their creation. */
    List<Member> all() {
        return living.values().stream()
                .sorted(Comparator.comparing(member -> member.record().created()))
                .toList();
    }

    Optional<Member> find(ContainerName name) {
        return Optional.ofNullable(living.get(name));
    }

    /** The replicas that go on, in the order of their creation. */
    Stream<Member> replicas() {
        return all().stream().filter(member -> member.is(Role.REPLICA) && member.stays());
    }

    /** Grows with every change of who is there and who is ready. */
    long changes() {
        return pulse.count();
    }

    /** Waits until there are more changes than were seen, at most so long. */
    void awaitChange(long seen, Duration longest) throws InterruptedException {
        pulse.await(seen, longest);
    }

    Set<Integer> addresses() {
        return living.values().stream().map(member -> member.record().address()).collect(Collectors.toSet());
    }

    /** What the proxy does. */
    Traffic traffic() {
        return traffic(serving());
    }

    /** A container runs: from now on its health and its end are watched. */
    void join(Member member) {
        // First, so that its end is seen whatever becomes of the rest.
        keep(member);
        parts.faults()
                .attempt(
                        Faults.Subject.of(member.record()),
                        "its health cannot be watched",
                        mailbox::post,
                        () -> watch(member));
    }

    /** A container runs: from now on its end alone is watched. */
    void keep(Member member) {
        living.put(member.record().name(), member);
        var _ = member.running().exit().thenAccept(exit -> mailbox.postUntilDone(() -> ended(member)));
        pulse.beat();
    }

    private void watch(Member member) {
        if (!member.equals(living.get(member.record().name()))) {
            return;
        }
        if (member.is(Role.PROXY)) {
            proxy.attach(member.running(), failure -> mailbox.post(() -> reported(member, failure)));
        } else {
            monitors.put(member.record().name(), monitor(member));
        }
    }

    /** A container's end was asked for: it leaves the upstream. Of one that has been noted as ended nothing is changed. */
    ProxyControl.Change leave(Member member, Asked asked) {
        if (!member.equals(living.get(member.record().name()))) {
            return member.left();
        }
        boolean served = member.serving();
        ContainerRecord told = member.record().asked(asked);
        parts.store().save(told);
        member.become(told);
        Step.STOP_NOTED.done();
        if (served) {
            // By this reload, so that it takes no other.
            endWarmUp();
            member.left(refresh(Pace.CAREFUL));
        }
        return member.left();
    }

    /** Watches no longer; the containers stay. */
    @Override
    public void close() {
        monitors.values().forEach(Probes.Watch::close);
    }

    private Probes.Watch monitor(Member member) {
        ContainerRecord record = member.record();
        ServiceSpec spec = service.get().specOf(record);
        Probes.Subject subject = new Probes.Subject(
                record.name().abbreviated(),
                spec.healthOrDefault(),
                record.spec().artifacts(),
                new InetSocketAddress(Addresses.of(record.address()), spec.portOrDefault()),
                record.ready(),
                member.age());
        return parts.probes().watch(subject, proxy::open, report -> mailbox.post(() -> checked(member, report)));
    }

    private void checked(Member member, HealthMonitor.Report report) {
        if (!member.record().alive()) {
            return;
        }
        boolean served = member.serving();
        member.explain(report);
        boolean healthy = report.state() == HealthState.HEALTHY;
        if (member.record().ready() == healthy) {
            return;
        }
        if (healthy && member.is(Role.REPLICA)) {
            // Before it is noted: whoever is noted as ready has its weight.
            parts.runtime().weigh(member.record(), CpuWeight.USUAL);
        }
        member.become(member.record().checked(healthy));
        parts.mention(member.record());
        Step.READY_NOTED.done();
        if (member.serving() != served) {
            boolean requestsFail = served || serving().size() == 1;
            ProxyControl.Change change = refresh(requestsFail ? Pace.AT_ONCE : Pace.CAREFUL);
            if (served) {
                member.left(change);
            }
        }
        listener.checked(member);
    }

    /** A proxy is ready while it does what it was told. */
    private void reported(Member member, Optional<String> failure) {
        if (member.record().alive() && member.stays()) {
            proxy.report(failure.orElse(""));
            if (member.record().ready() != failure.isEmpty()) {
                member.become(member.record().checked(failure.isEmpty()));
                parts.mention(member.record());
            }
        }
    }

    /** Its network stays until the proxy has left it: what is still sent there is refused at once, and goes to another. */
    private void ended(Member member) {
        boolean served = member.serving();
        ContainerName name = member.record().name();
        ContainerRecord.End end =
                History.endOf(parts, member.record(), "killed").because(member.condemnation());
        ContainerRecord last = member.record().ended(end);
        member.leaving();
        Optional.ofNullable(monitors.remove(name)).ifPresent(Probes.Watch::close);
        if (member.is(Role.PROXY)) {
            proxy.detach();
        }
        ProxyControl.Change left = served ? refresh(paceWithout()) : new ProxyControl.Change().complete();
        if (left.serving().isDone()) {
            bury(member, last);
        } else {
            var _ = left.serving().thenRun(() -> mailbox.postUntilDone(() -> bury(member, last)));
        }
    }

    /** What is sent to one that has ended goes to another at once; there is no hurry as long as there is one. */
    private Pace paceWithout() {
        return serving().isEmpty() ? Pace.AT_ONCE : Pace.CAREFUL;
    }

    private void bury(Member member, ContainerRecord before) {
        // Meanwhile it may have been asked to stop.
        ContainerRecord last = before.asked(member.record().asked());
        member.become(last);
        member.running().close();
        cleanUp(last, () -> release(last));
        note(member);
    }

    /** Removes what is left of a container that an earlier daemon started. */
    void cleanUp(ContainerRecord gone) {
        cleanUp(gone, () -> {
            parts.runtime().killRest(gone.name());
            release(gone);
        });
    }

    private void release(ContainerRecord last) {
        parts.runtime().release(last.name(), Optional.of(last.hostEnd()));
    }

    private void cleanUp(ContainerRecord last, Runnable work) {
        parts.faults().attempt(Faults.Subject.of(last), "it cannot be cleaned up", mailbox::post, () -> {
            Member now = living.get(last.name());
            // It may live again, under its name.
            if (now == null || !now.record().alive()) {
                work.run();
            }
        });
    }

    /**
     * Known as ended before it is forgotten as living, so that nobody who asks misses it. An end that cannot be noted, as on a full disk,
     * is tried until it can; nothing follows from it before.
     */
    private void note(Member member) {
        ContainerRecord last = member.record();
        try {
            history.add(last);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the end of container \"" + last.name().abbreviated() + "\" is not noted yet: " + e.getMessage());
            mailbox.postAfter(NOTE_PAUSE, () -> {
                note(member);
                // What the proxy was to be told meanwhile it may not have been able to write either.
                refresh(Pace.AT_ONCE);
            });
            return;
        }
        living.remove(last.name());
        member.ended().complete(last);
        pulse.beat();
        listener.ended(last);
    }

    /** Tells the proxy who serves now. */
    ProxyControl.Change refresh(Pace pace) {
        List<Member> serving = serving();
        ProxyControl.Change change = proxy.apply(traffic(serving), pace);
        var _ = change.serving().thenRun(() -> {
            serving.forEach(Member::joined);
            pulse.beat();
        });
        if (!serving.stream().allMatch(Member::ready)) {
            long mine = ++joins;
            var _ = change.serving().thenRun(() -> mailbox.postAfter(WARM_UP, () -> warmUpIsOver(mine)));
        }
        return change;
    }

    /** Of those that were the last to join; where more have joined since, theirs ends later, and that of all with it. */
    private void warmUpIsOver(long last) {
        if (last == joins && !service.get().removing()) {
            endWarmUp();
            refresh(Pace.CAREFUL);
        }
    }

    private void endWarmUp() {
        serving().stream().filter(Member::ready).forEach(Member::warmed);
    }

    private List<Member> serving() {
        return all().stream().filter(Member::serving).toList();
    }

    private Traffic traffic(List<Member> serving) {
        ServiceRecord of = service.get();
        if (of.ingress()) {
            return new Traffic.ToServices(parts.services().routes(of));
        }
        return new Traffic.ToMembers(serving.stream()
                .map(member -> new Upstream(
                        member.record().address(), of.specOf(member.record()).portOrDefault(), member.fresh()))
                .toList());
    }
}
