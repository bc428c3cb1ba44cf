package brocker.daemon.orchestrator;

import brocker.runtime.RunningContainer;
import brocker.spec.wire.ContainerState;
import brocker.spec.wire.ContainerView;
import brocker.spec.wire.Role;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A living container of a service. Changed by the service's mailbox alone; read by everybody. */
final class Member {
    private final RunningContainer running;
    private final CompletableFuture<ContainerRecord> ended = new CompletableFuture<>();
    private volatile ContainerRecord record;
    private volatile String reason = "";
    private volatile boolean joined;
    private volatile boolean leaving;

    Member(ContainerRecord record, RunningContainer running) {
        this.record = record;
        this.running = running;
        this.joined = record.ready();
    }

    ContainerRecord record() {
        return record;
    }

    RunningContainer running() {
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

    /** Why it is not ready, empty when it is. */
    void explain(String why) {
        reason = why;
    }

    String reason() {
        return reason;
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
        return Views.of(record, state, ready(), Optional.of(running.init().pid()), reason);
    }
}
