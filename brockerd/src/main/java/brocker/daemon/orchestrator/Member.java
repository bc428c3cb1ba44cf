package brocker.daemon.orchestrator;

import brocker.daemon.health.HealthMonitor;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.record.ContainerRecord;
import brocker.runtime.Container;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.HealthState;
import brocker.spec.wire.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A living container of a service. Changed by the service's mailbox alone; read by everybody. */
final class Member {
    private final Container running;
    private final CompletableFuture<ContainerRecord> ended = new CompletableFuture<>();
    private final Instant watchedSince = Instant.now();
    private volatile ContainerRecord record;
    private volatile HealthMonitor.Report report;
    private volatile String condemnation = "";
    private volatile boolean proven;
    private volatile ProxyControl.Change left = new ProxyControl.Change().complete();
    private volatile boolean joined;
    private volatile boolean warm;
    private volatile boolean leaving;

    Member(ContainerRecord record, Container running) {
        this.record = record;
        this.running = running;
        this.joined = record.ready();
        this.warm = record.ready();
        this.proven = record.ready();
        this.report = HealthMonitor.Report.first(record.ready());
    }

    ContainerRecord record() {
        return record;
    }

    Container running() {
        return running;
    }

    /** Completes when the container has ended and nothing of it is left on the host. */
    CompletableFuture<ContainerRecord> ended() {
        return ended;
    }

    void become(ContainerRecord next) {
        record = next;
        joined &= serving();
    }

    /** Its PID 1 has ended. */
    void leaving() {
        leaving = true;
        joined = false;
    }

    /** Whether it goes on, as far as is known. */
    boolean stays() {
        return !leaving && !record.stopping();
    }

    /** The proxy sends it requests from now on. */
    void joined() {
        joined = serving();
    }

    /** It is no longer fresh. */
    void warmed() {
        warm = true;
    }

    /** Whether it came so lately that it should receive fewer requests than others; once it is not, it never is again. */
    boolean fresh() {
        return !warm;
    }

    /** What its health check says now. */
    void explain(HealthMonitor.Report now) {
        report = now;
        proven |= now.state() == HealthState.HEALTHY;
    }

    /** Why it is not healthy, empty when it is. */
    String reason() {
        return report.reason();
    }

    /** Whether it was healthy once, as far as this daemon knows. */
    boolean proven() {
        return proven;
    }

    /** How long this daemon has watched it: since its start, unless an earlier daemon started it. */
    Duration watched() {
        return Duration.between(watchedSince, Instant.now());
    }

    /** How long its command has run, by the clock. */
    Duration age() {
        return record.start()
                .map(start -> Duration.between(start.at(), Instant.now()))
                .orElse(Duration.ZERO);
    }

    /** It is to stop because of its health. */
    void condemn(String why) {
        condemnation = why;
    }

    /** Why Brocker stopped it, empty where it did not. */
    String condemnation() {
        return condemnation;
    }

    /** It has left the upstream; it may be busy until this change is done. */
    void left(ProxyControl.Change change) {
        left = change;
    }

    /** The change by which it left the upstream last; done where it never was in it. */
    ProxyControl.Change left() {
        return left;
    }

    boolean is(Role role) {
        return record.role() == role;
    }

    /** Whether the proxy does send it requests; the proxy itself is ready when it answers. */
    boolean ready() {
        return is(Role.PROXY) ? record.ready() : joined;
    }

    /** Whether the proxy may send it requests. */
    boolean serving() {
        return record.ready() && stays() && !is(Role.PROXY);
    }

    ContainerView view() {
        ContainerState state = stays() ? ContainerState.RUNNING : ContainerState.STOPPING;
        Optional<HealthState> health = is(Role.PROXY) ? Optional.empty() : Optional.of(report.state());
        return Views.of(
                record, state, ready(), health, Optional.of(running.init().pid()), reason());
    }
}
