package brocker.daemon.orchestrator;

import brocker.daemon.fault.Faults;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.daemon.record.StoredService;
import brocker.kernel.netlink.Link;
import brocker.runtime.Step;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.network.BridgePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the store says compared with what the kernel has, when the daemon starts: services and their containers are found again, and what
 * bears our name and has no owner is removed. What fails for one of them is noted and tried again, and the others are found all the same.
 */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());
    private static final String VETH = "veth\\d{1,9}";

    private final Parts parts;
    private final int apiPort;
    private final Stored stored;

    /**
     * Reads the store.
     *
     * @param apiPort of this daemon, which no container reaches
     */
    Recovery(Parts parts, int apiPort) {
        this.parts = parts;
        this.apiPort = apiPort;
        this.stored = parts.store().read();
    }

    /** Whether everything in the store could be read. */
    boolean complete() {
        return stored.complete();
    }

    /** The services, those that were being removed among them; the ingresses last, as they do what the others say. */
    List<ManagedService> run() {
        restoreRules();
        Step.RECOVERY_RULES_RESTORED.done();
        List<Link> links = parts.bridges().links();
        links.stream()
                .filter(link -> link.name().matches(VETH))
                .forEach(link ->
                        parts.veths().reserve(Integer.parseInt(link.name().substring(4))));
        stored.broken().stream()
                .filter(container -> container.veth() > 0)
                .forEach(container -> parts.veths().reserve(container.veth()));
        // Before the first container is answered, which may ask for any of them.
        stored.services().stream()
                .map(StoredService::record)
                .filter(record -> record.number() > 0)
                .forEach(parts.names()::know);
        List<ManagedService> found = new ArrayList<>();
        for (StoredService service : stored.services().stream()
                .sorted(Comparator.comparing(service -> service.record().ingress()))
                .toList()) {
            found.add(take(service));
            Step.RECOVERY_SERVICE_RESUMED.done();
        }
        Set<String> bridges = new HashSet<>();
        stored.services().forEach(service -> bridges.add(service.record().bridge()));
        if (stored.services().stream().allMatch(service -> service.record().number() > 0)) {
            parts.faults()
                    .attempt(
                            Faults.Subject.HOST,
                            "sockets of services that are gone cannot be removed",
                            () -> parts.ingressSockets().retain(bridges));
        }
        Set<String> groups = new HashSet<>();
        stored.containers().forEach(record -> groups.add(record.name().value()));
        stored.broken().forEach(container -> groups.add(container.name().value()));
        new Orphans(parts, bridges, groups).remove(links, /* everyGroupKnown= */ !stored.nameless());
        Step.RECOVERY_ORPHANS_REMOVED.done();
        return found;
    }

    /** For everything that the store knows. Where the packet filter does not take one bridge's, that bridge goes, not the others. */
    private void restoreRules() {
        List<BridgePlan> bridges = stored.services().stream()
                .map(StoredService::record)
                .filter(ServiceRecord::located)
                .map(ServiceRecord::bridgePlan)
                .toList();
        List<BridgePort> ports = Stream.concat(
                        stored.containers().stream()
                                .filter(ContainerRecord::alive)
                                .map(ContainerRecord::bridgePort),
                        stored.broken().stream()
                                .filter(container ->
                                        container.alive() && container.veth() > 0 && container.address() != 0)
                                .map(container -> new BridgePort(container.hostEnd(), container.address())))
                .toList();
        parts.bridges()
                .restore(apiPort, bridges, ports)
                .forEach((link, why) -> LOG.log(System.Logger.Level.ERROR, "\"" + link + "\" is removed: " + why));
    }

    private ManagedService take(StoredService service) {
        ServiceRecord record = service.record();
        Faults.Subject subject = Faults.Subject.of(record.name());
        service.flaws().forEach(flaw -> parts.faults().note(subject, flaw));
        List<BrokenContainer> unreadable = stored.broken().stream()
                .filter(container -> container.service().equals(record.name()))
                .toList();
        unreadable.forEach(container -> parts.faults()
                .note(
                        new Faults.Subject(subject.service(), Optional.of(container.name())),
                        "it is broken: " + container.reason()));
        Adoption adoption = Adoption.of(
                parts,
                stored.containers().stream()
                        .filter(container -> container.service().equals(record.name()))
                        .toList());
        ManagedService managed = ManagedService.adopt(service, parts, adoption, unreadable);
        parts.services().put(managed);
        try {
            managed.resume(adoption);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, subject + ": " + e.getMessage(), e);
            parts.faults().note(subject, "it is not looked after until brockerd starts again: " + e.getMessage());
        }
        return managed;
    }
}
