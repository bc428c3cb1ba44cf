package brocker.daemon.orchestrator;

import brocker.kernel.netlink.Link;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.Step;
import brocker.runtime.network.HostNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the store says compared with what the kernel has, when the daemon starts: services and their containers are found again, and what
 * bears our name and has no owner is removed.
 *
 * @param apiPort of this daemon, which no container reaches
 */
record Recovery(Parts parts, int apiPort) {
    private static final String BRIDGE = "brocker\\d+";
    private static final String VETH = "veth\\d{1,9}";

    /** The services, those that were being removed among them; the ingresses last, as they do what the others say. */
    List<ManagedService> run() {
        List<ServiceRecord> records = parts.store().services();
        List<ContainerRecord> containers = parts.store().containers();
        HostNetwork network = parts.launcher().runtime().network();
        network.restore(
                apiPort,
                records.stream().map(ServiceRecord::bridgePlan).toList(),
                containers.stream()
                        .filter(ContainerRecord::alive)
                        .map(ContainerRecord::bridgePort)
                        .toList());
        Step.RECOVERY_RULES_RESTORED.done();
        List<Link> links = network.links();
        links.stream()
                .filter(link -> link.name().matches(VETH))
                .forEach(link ->
                        parts.veths().reserve(Integer.parseInt(link.name().substring(4))));
        Set<String> bridges = new HashSet<>();
        Set<String> groups = new HashSet<>();
        containers.forEach(record -> groups.add(record.name().value()));
        List<ManagedService> found = new ArrayList<>();
        for (ServiceRecord record : records.stream()
                .sorted(Comparator.comparing(ServiceRecord::ingress))
                .toList()) {
            bridges.add(record.bridge());
            List<ContainerRecord> own = containers.stream()
                    .filter(container -> container.service().equals(record.name()))
                    .sorted(Comparator.comparing(ContainerRecord::created))
                    .toList();
            ManagedService service = ManagedService.adopt(record, parts, own);
            parts.services().put(service);
            found.add(service);
            Step.RECOVERY_SERVICE_RESUMED.done();
        }
        parts.ingressSockets().retain(bridges);
        removeOrphans(bridges, groups, links);
        Step.RECOVERY_ORPHANS_REMOVED.done();
        return found;
    }

    /** Groups below our parent, and bridges that nothing is attached to. */
    private void removeOrphans(Set<String> bridges, Set<String> groups, List<Link> links) {
        ContainerRuntime runtime = parts.launcher().runtime();
        for (String group : runtime.cgroups().names()) {
            if (!groups.contains(group)) {
                Adoption.killRest(runtime, group);
                runtime.cgroups().delete(group);
            }
        }
        for (Link link : links) {
            boolean used = links.stream().anyMatch(other -> other.master() == link.index());
            if (link.name().matches(BRIDGE) && !bridges.contains(link.name()) && !used) {
                runtime.network().deleteBridge(link.name());
            }
        }
    }
}
