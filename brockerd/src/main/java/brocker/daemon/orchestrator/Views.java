package brocker.daemon.orchestrator;

import brocker.daemon.plan.RestartRule;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.runtime.cgroup.Limits;
import brocker.spec.BrockerException;
import brocker.spec.CertifiedKey;
import brocker.spec.Cidr;
import brocker.spec.ContainerLimits;
import brocker.spec.HostName;
import brocker.spec.ServiceSpec;
import brocker.spec.Tls;
import brocker.spec.wire.CertificateView;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.HealthState;
import brocker.spec.wire.RevisionView;
import brocker.spec.wire.Role;
import brocker.spec.wire.ServiceView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Records as their users see them. */
final class Views {
    private Views() {}

    static ContainerView of(
            ContainerRecord record,
            ContainerState state,
            boolean ready,
            Optional<HealthState> health,
            Optional<Integer> pid,
            String reason) {
        return new ContainerView(
                record.name(),
                record.service(),
                record.role(),
                record.revision() == 0 ? Optional.empty() : Optional.of(record.revision()),
                state,
                ready,
                health,
                record.dottedAddress(),
                record.hostEnd(),
                pid,
                record.spec().command().arguments(),
                limits(record),
                record.created(),
                record.start().map(ContainerRecord.Start::at),
                record.end().map(ContainerRecord.End::at),
                record.end().map(ContainerRecord.End::code),
                record.end().map(ContainerRecord.End::oomKills).filter(kills -> kills > 0),
                Optional.empty(),
                record.restarts().total(),
                reason.isEmpty() ? Optional.empty() : Optional.of(reason));
    }

    /** One that has ended, and perhaps is to be started again. */
    static ContainerView ended(RestartRule rule) {
        ContainerRecord record = rule.record();
        String how = record.end().map(ContainerRecord.End::reason).orElse("");
        if (rule.exhausted()) {
            String tries = "given up after " + record.restarts().inRow() + " restarts";
            how = how.isEmpty() ? tries : how + ", " + tries;
        }
        ContainerState state = rule.pause().isPresent() ? ContainerState.RESTARTING : ContainerState.EXITED;
        return of(record, state, false, Optional.empty(), Optional.empty(), how);
    }

    /** With the number of processes, which is limited where nothing is written, too. */
    private static ContainerLimits limits(ContainerRecord record) {
        ContainerLimits written = record.spec().limits();
        return new ContainerLimits(
                written.memory(),
                written.cpus(),
                written.cpuset(),
                Optional.of(Limits.of(written).pids()));
    }

    /** A service with its living containers, in the order of their creation. */
    static ServiceView of(
            ServiceRecord record, List<Member> living, String broken, String problem, List<String> faults) {
        long own = living.stream()
                .filter(member -> member.is(Role.APPLICATION) && member.stays())
                .count();
        long ready = living.stream()
                .filter(member -> !member.is(Role.PROXY) && member.ready())
                .count();
        return new ServiceView(
                record.name(),
                record.bridge(),
                record.address(),
                record.ingress(),
                record.spec().publish(),
                record.spec().hosts(),
                record.spec().paths(),
                certificates(record.spec()),
                record.spec().loadBalanceOrDefault(),
                record.spec().portOrDefault(),
                record.spec().desiredReplicas() + Math.toIntExact(own),
                Math.toIntExact(ready),
                living.stream()
                        .filter(member -> member.is(Role.PROXY))
                        .map(member -> member.record().name())
                        .findFirst(),
                Cidr.dotted(record.proxyAddress()),
                broken.isEmpty() ? Optional.empty() : Optional.of(broken),
                problem.isEmpty() ? Optional.empty() : Optional.of(problem),
                record.created(),
                record.revisions().stream().map(Views::of).toList(),
                Optional.empty(),
                Stream.concat(warnings(record.spec()).stream(), faults.stream()).toList());
    }

    private static List<CertificateView> certificates(ServiceSpec spec) {
        return spec.tls().stream()
                .flatMap(tls -> read(tls).stream()
                        .map(certified -> new CertificateView(hosts(spec, tls), certified.names(), certified.end())))
                .toList();
    }

    /** One that can no longer be read, as by another JDK, is missing where all services are listed. */
    private static Optional<CertifiedKey> read(Tls tls) {
        try {
            return Optional.of(CertifiedKey.read(tls));
        } catch (BrockerException _) {
            return Optional.empty();
        }
    }

    private static List<String> warnings(ServiceSpec spec) {
        return spec.tls().stream()
                .flatMap(tls -> read(tls)
                        .map(certified -> certified.warnings(hosts(spec, tls), Instant.now()))
                        .orElse(List.of("a certificate cannot be read"))
                        .stream())
                .toList();
    }

    private static List<HostName> hosts(ServiceSpec spec, Tls tls) {
        return tls.hosts().isEmpty() ? spec.hosts() : tls.hosts();
    }

    private static RevisionView of(Revision revision) {
        return new RevisionView(
                revision.number(),
                revision.state(),
                revision.created(),
                revision.changed(),
                revision.reason().isEmpty() ? Optional.empty() : Optional.of(revision.reason()));
    }
}
