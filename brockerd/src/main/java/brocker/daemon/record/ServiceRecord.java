package brocker.daemon.record;

import brocker.runtime.network.BridgePlan;
import brocker.spec.Cidr;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.wire.RevisionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A service as the store keeps it.
 *
 * @param number what its bridge is numbered with; 0 of a broken service where it cannot be read
 * @param address the bridge's
 * @param removing its removal was asked for, and goes on at the next start if the daemon ends
 * @param revisions by number; none while it has no template
 */
public record ServiceRecord(
        ServiceSpec spec, int number, Cidr address, Instant created, boolean removing, List<Revision> revisions) {
    /** On which the proxy listens at {@link #proxyAddress}. */
    public static final int PROXY_PORT = 80;

    private static final int KEPT = 5;

    public ServiceRecord {
        revisions = List.copyOf(revisions);
    }

    /** One that is about to be made; its template, if it has one, is the first revision. */
    public static ServiceRecord added(ServiceSpec spec, int number, Cidr address, Instant created) {
        List<Revision> first = spec.container().isEmpty()
                ? List.of()
                : List.of(new Revision(1, spec, RevisionState.ACTIVE, created, created, ""));
        return new ServiceRecord(spec, number, address, created, false, first);
    }

    public ServiceName name() {
        return spec.name();
    }

    /** Whether Brocker made it, to share an address between services that have hosts. */
    public boolean ingress() {
        return Ingress.is(spec);
    }

    /** On how many sockets of the host its proxy listens: one of its own, where an ingress has the published ones. */
    public int listeningSockets() {
        return spec.hosts().isEmpty() ? spec.publish().size() : 1;
    }

    /** What its containers may reach. */
    public BridgePlan bridgePlan() {
        return new BridgePlan(bridge(), address, proxyAddress(), PROXY_PORT, spec.egress(), spec.hostAccess());
    }

    public ServiceRecord withRevisions(List<Revision> known) {
        return with(spec, known);
    }

    public ServiceRecord beingRemoved() {
        return new ServiceRecord(spec, number, address, created, true, revisions);
    }

    public ServiceRecord scaled(int replicas) {
        return new ServiceRecord(spec.withReplicas(replicas), number, address, created, removing, revisions);
    }

    /** The revision that replicas are of, or are becoming. */
    public Optional<Revision> active() {
        return revision(RevisionState.ACTIVE);
    }

    /** The one that a deployment under way leads to. */
    public Optional<Revision> deploying() {
        return revision(RevisionState.DEPLOYING);
    }

    public Optional<Revision> revision(int wanted) {
        return revisions.stream().filter(known -> known.number() == wanted).findFirst();
    }

    /** What a container was made by: the specification of its revision, or, where it is of none, the present one. */
    public ServiceSpec specOf(ContainerRecord container) {
        return revision(container.revision()).map(Revision::spec).orElse(spec);
    }

    /** With a new revision, which is being deployed. Of the others the latest are kept. */
    public ServiceRecord deploying(ServiceSpec next) {
        int last = revisions.stream().mapToInt(Revision::number).max().orElse(0);
        Instant now = Instant.now();
        List<Revision> all = new ArrayList<>(revisions);
        all.add(new Revision(last + 1, next, RevisionState.DEPLOYING, now, now, ""));
        List<Revision> oldestFirst = all.stream()
                .filter(known -> known.state() == RevisionState.SUPERSEDED || known.state() == RevisionState.FAILED)
                .sorted(Comparator.comparing(Revision::changed))
                .toList();
        all.removeAll(oldestFirst.subList(0, Math.min(oldestFirst.size(), Math.max(0, all.size() - KEPT))));
        return with(spec, all);
    }

    /** With an earlier revision being deployed, and as many replicas as there are now. */
    public ServiceRecord deploying(Revision earlier) {
        List<Revision> all = revisions.stream()
                .map(known -> known.equals(earlier) ? known.again(spec.desiredReplicas()) : known)
                .toList();
        return with(spec, all);
    }

    /** How many replicas there are to be when a deployment is done: as many as are written there, otherwise as many as now. */
    public int desiredAfter(Revision deployed) {
        return deployed.spec().replicas().orElse(Math.max(1, spec.desiredReplicas()));
    }

    /** The deployment is done: the service is what the revision says. */
    public ServiceRecord activated(Revision deployed) {
        List<Revision> all = revisions.stream()
                .map(known -> known.state() == RevisionState.ACTIVE
                        ? known.become(RevisionState.SUPERSEDED, "")
                        : known.number() == deployed.number() ? known.become(RevisionState.ACTIVE, "") : known)
                .toList();
        return with(deployed.spec().withReplicas(desiredAfter(deployed)), all);
    }

    public ServiceRecord failed(Revision deployed, String reason) {
        List<Revision> all = revisions.stream()
                .map(known -> known.number() == deployed.number() ? known.become(RevisionState.FAILED, reason) : known)
                .toList();
        return with(spec, all);
    }

    private ServiceRecord with(ServiceSpec newSpec, List<Revision> newRevisions) {
        return new ServiceRecord(newSpec, number, address, created, removing, newRevisions);
    }

    private Optional<Revision> revision(RevisionState state) {
        return revisions.stream().filter(known -> known.state() == state).findFirst();
    }

    /** Whether bridge and address are known, which they may not be of a broken service. */
    public boolean located() {
        return number > 0 && address.bits() != 0;
    }

    /** The name of its bridge on the host. */
    public String bridge() {
        return "brocker" + number;
    }

    /** The proxy's address: the lowest of the network that is neither the first nor the bridge's own. */
    public int proxyAddress() {
        int second = address.network() + 2;
        return second == address.bits() ? second + 1 : second;
    }
}
