package brocker.daemon.orchestrator;

import brocker.daemon.allocation.IngressSockets;
import brocker.daemon.allocation.PublishedSockets;
import brocker.daemon.allocation.VethNumbers;
import brocker.daemon.fault.Faults;
import brocker.daemon.file.Artifacts;
import brocker.daemon.health.Probes;
import brocker.daemon.plan.Deployable;
import brocker.daemon.port.Host;
import brocker.daemon.port.Names;
import brocker.daemon.port.Proxy;
import brocker.daemon.port.Store;
import brocker.daemon.port.TrafficTotals;
import brocker.daemon.record.Failures;
import brocker.daemon.record.Ingress;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.runtime.ExecSession;
import brocker.runtime.process.ExitRecord;
import brocker.spec.BrockerException;
import brocker.spec.CertifiedKey;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.Nearest;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.Signal;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.HostFinding;
import brocker.spec.wire.ServiceView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All services of this host. The one door for whoever wants something of them. Thread-safe. */
public final class Orchestrator implements AutoCloseable {
    /** How long an upload waits to be named. */
    private static final Duration UPLOAD_WAITS = Duration.ofHours(1);

    private static final String ADD_FIRST = "add it first: brocker-client service add FILE";

    private final Parts parts;
    private final Artifacts artifacts;
    private final Services services;
    private final ContainerLookup lookup;
    private final Promises promises;
    private final Ingresses ingresses;
    private final ProxyUpgrades upgrades;
    private final UnusedArtifacts unused;

    /**
     * Of a host that is not looked at yet: {@link #recover} comes before everything else.
     *
     * @param faults this object's from now on
     */
    public Orchestrator(
            Host host,
            Probes probes,
            Store store,
            Proxy proxy,
            Names names,
            Faults faults,
            Artifacts artifacts,
            IngressSockets ingressSockets) {
        this.services = new Services();
        this.lookup = new ContainerLookup(services);
        this.parts = new Parts(
                store,
                proxy,
                names,
                host.runtime(),
                host.files(),
                host.bridges(),
                host.groups(),
                probes,
                new VethNumbers(),
                services,
                ingressSockets,
                faults);
        this.artifacts = artifacts;
        this.promises = new Promises(services, parts.bridges());
        this.ingresses = new Ingresses(parts, promises);
        this.upgrades = new ProxyUpgrades(services);
        this.unused = new UnusedArtifacts(artifacts, services);
    }

    /**
     * Takes up what the store says: finds containers again, finishes what was begun, removes what has no owner.
     *
     * @param apiPort of this daemon, which no container reaches
     */
    public void recover(int apiPort) {
        Recovery recovery = new Recovery(parts, apiPort);
        List<ManagedService> found = recovery.run();
        if (recovery.complete()) {
            unused.allAreKnown();
        }
        parts.faults().attempt(Faults.Subject.HOST, "artifacts cannot be removed", () -> unused.remove(Duration.ZERO));
        found.stream().filter(service -> service.record().removing()).forEach(this::finishRemoval);
        ingresses.recover();
        upgrades.start();
    }

    /** What could not be done yet, or not be read, for {@code brocker-client check}. */
    public List<HostFinding> findings() {
        return parts.faults().findings();
    }

    public ServiceView addService(ServiceSpec spec) {
        parts.proxy().requireInstalled();
        Ingress.requireOther(spec.name());
        spec.tls().forEach(CertifiedKey::checked);
        spec.container().ifPresent(this::requireStartable);
        try (Promises.Promise promise = promises.add(spec)) {
            return add(promise.record()).view();
        } finally {
            ingresses.prune();
        }
    }

    private ManagedService add(ServiceRecord record) {
        ingresses.require(record);
        PublishedSockets published = PublishedSockets.open(record, parts.ingressSockets());
        ManagedService service = ManagedService.create(record, parts, published);
        services.put(service);
        services.reroute(record);
        return service;
    }

    public List<ServiceView> services() {
        return services.all().map(ManagedService::view).toList();
    }

    public ServiceView service(String name) {
        ManagedService service = find(name, Failures.LIST_SERVICES);
        return service.view()
                .withTraffic(parts.proxy().meter(service.record()).lately())
                .withWarnings(parts.files().problems(service.record().name()));
    }

    /** What the proxies of all services have answered, by service. */
    public Map<ServiceName, TrafficTotals> traffic() {
        Map<ServiceName, TrafficTotals> totals = new TreeMap<>();
        services.all()
                .forEach(service -> totals.put(
                        service.record().name(),
                        parts.proxy().meter(service.record()).totals()));
        return totals;
    }

    public void removeService(String name) {
        ManagedService service = find(name, Failures.LIST_SERVICES);
        if (service.broken()) {
            remove(service);
            // It may have been an ingress.
            ingresses.recover();
            return;
        }
        Ingress.requireNot(service.record());
        remove(service);
        ingresses.prune();
    }

    private void finishRemoval(ManagedService service) {
        Faults.Subject subject = Faults.Subject.of(service.record().name());
        parts.faults().attempt(subject, "it cannot be removed", () -> remove(service));
    }

    private void remove(ManagedService service) {
        service.remove();
        services.remove(service);
    }

    /**
     * Begins to change a service to what the specification says.
     *
     * @throws BrockerException.Conflict when a deployment is under way, or when it would change what cannot be changed
     */
    public ServiceView deploy(String name, ServiceSpec spec) {
        ManagedService service = own(name, ADD_FIRST);
        unused.remove(UPLOAD_WAITS);
        requireStartable(Deployable.of(service.record(), spec));
        spec.tls().forEach(CertifiedKey::checked);
        try (Promises.Promise _ = promises.change(service.record(), spec)) {
            return service.deploy(record -> record.deploying(spec));
        }
    }

    /** Begins to change a service back to an earlier revision, without a number to the one that was active before. */
    public ServiceView rollback(String name, Optional<Integer> to) {
        ManagedService service = own(name, Failures.LIST_SERVICES);
        Revision earlier = Deployable.earlier(service.record(), to);
        requireStartable(earlier.spec().container().orElseThrow());
        try (Promises.Promise _ = promises.change(service.record(), earlier.spec())) {
            return service.deploy(record -> record.deploying(earlier));
        }
    }

    /** Changes how many replicas a service has. */
    public ServiceView scale(String name, int replicas) {
        ServiceSpec.requireReplicas(replicas);
        return own(name, Failures.LIST_SERVICES).scale(replicas);
    }

    public ContainerView run(ContainerSpec spec) {
        ManagedService service = own(spec.service().value(), ADD_FIRST);
        requireStartable(spec);
        return service.containers().run(spec);
    }

    /** Refuses what can be seen to be in vain before anything is made. */
    private void requireStartable(ContainerSpec spec) {
        artifacts.require(spec.artifacts());
        parts.runtime().require(spec);
    }

    /** The containers of all services, by service and then in the order of creation. */
    public List<ContainerView> containers(boolean all) {
        return services.all()
                .flatMap(service -> service.containers().views(all))
                .toList();
    }

    /** A container, with what only its control group knows. */
    public ContainerView container(String prefix) {
        ContainerName name = lookup.resolve(prefix);
        ContainerView view = services.all()
                .flatMap(service -> service.containers().views(true))
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failures.containerNotFound(prefix));
        return view.state().alive() ? view.withOomKills(parts.runtime().oomKills(name)) : withLostLines(view);
    }

    /** Waits until a container has ended and is not started again, at most so long, and gives it as it is then. */
    public ContainerView awaitEnd(String prefix, Duration longest) throws InterruptedException {
        ContainerName name = lookup.sound(prefix);
        Optional<ContainerView> ended = lookup.keeper(name).containers().awaitEnd(name, longest);
        return ended.isPresent() ? withLostLines(ended.get()) : container(name.value());
    }

    /** Sends a signal to the command of a container that runs. */
    public ContainerView kill(String prefix, Signal signal) {
        ContainerName name = lookup.sound(prefix);
        if (signal == Signal.SIGSTOP) {
            throw new BrockerException.Invalid(
                    "invalid-signal",
                    "\"SIGSTOP\" would stop PID 1, which writes the container's log",
                    "stop a process inside instead: brocker-client container exec " + name.abbreviated()
                            + " kill -STOP PID");
        }
        return lookup.owner(name).containers().kill(name, signal);
    }

    private ContainerView withLostLines(ContainerView view) {
        // Of a container of which nothing is known, none are known to be lost.
        return view.withLostLines(
                parts.files().exitRecord(view.name()).map(ExitRecord::lostLines).orElse(0L));
    }

    /** Stops a container; one that has ended already is left as it is, and not started again. */
    public ContainerView stop(String prefix, Optional<Duration> timeout) {
        ContainerName name = lookup.sound(prefix);
        return lookup.owner(name).containers().stop(name, timeout);
    }

    /** Stops a container, where it has not ended yet, and starts it once more under its name. */
    public ContainerView restart(String prefix, Optional<Duration> timeout) {
        ContainerName name = lookup.sound(prefix);
        ManagedService service = lookup.owner(name);
        service.requireSound();
        return service.containers().restart(name, timeout);
    }

    /** Forgets a container that has ended, with its log and its directory. */
    public void remove(String prefix) {
        ContainerName name = lookup.resolve(prefix);
        lookup.owner(name).containers().forget(name);
    }

    /** Runs one more command in a container; the caller closes the session. */
    public ExecSession exec(String prefix, ExecRequest request) {
        ContainerName name = lookup.sound(prefix);
        return lookup.keeper(name).containers().exec(name, request);
    }

    /** What the running containers of all services take of the host, in the order of {@link #containers}. */
    public List<ContainerStats> stats() {
        return parts.runtime()
                .stats(services.all()
                        .flatMap(service -> service.containers().living().stream())
                        .map(Member::record)
                        .toList());
    }

    /** What a container that runs takes of the host. */
    public ContainerStats stats(String prefix) {
        ContainerName name = lookup.sound(prefix);
        Member living = lookup.living(name).orElseThrow(() -> Failures.containerNotRunning(name));
        return parts.runtime().stats(List.of(living.record())).stream()
                .findFirst()
                .orElseThrow(() -> Failures.containerNotRunning(name));
    }

    /** Changes limits of a container that runs. */
    public ContainerView update(String prefix, ContainerLimits change) {
        if (change.changeNothing()) {
            throw new BrockerException.Invalid(
                    "missing-key",
                    "there is nothing to change",
                    "name one of \"memory\", \"cpus\", \"cpuset\" and \"pids\"");
        }
        ContainerName name = lookup.sound(prefix);
        return lookup.keeper(name).containers().update(name, change);
    }

    /** The directory that holds a container's log, see {@code brocker-run/PROTOCOL.md}. */
    public Path logDirectory(String prefix) {
        return parts.files().logDirectory(lookup.resolve(prefix));
    }

    /** Stops every service's containers and forgets nothing: they are started again with the daemon, where they are replicas. */
    public void stopContainers() {
        services.all().forEach(ManagedService::stopAll);
    }

    /** The daemon leaves, the containers stay. */
    @Override
    public void close() {
        upgrades.close();
        parts.faults().close();
        services.all().forEach(ManagedService::release);
    }

    /** One that the user may change. */
    private ManagedService own(String name, String otherwise) {
        ManagedService service = find(name, otherwise);
        service.requireSound();
        Ingress.requireNot(service.record());
        return service;
    }

    /** @param otherwise the hint where no name is near */
    private ManagedService find(String name, String otherwise) {
        return services.find(new ServiceName(name)).orElseThrow(() -> {
            List<String> known = services.own()
                    .map(service -> service.record().name().value())
                    .toList();
            return new BrockerException.NotFound(
                    "service-not-found",
                    "there is no service \"" + name + "\"",
                    Nearest.to(name, known)
                            .map(nearest -> "did you mean \"" + nearest + "\"?")
                            .orElse(otherwise));
        });
    }
}
