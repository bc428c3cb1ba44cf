package brocker.daemon.proxy;

import brocker.daemon.orchestrator.ProxyControl;
import brocker.daemon.orchestrator.ServiceRecord;
import brocker.daemon.orchestrator.Upstream;
import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.FdInputStream;
import brocker.runtime.CommandPlan;
import brocker.runtime.ExecSession;
import brocker.runtime.RunningContainer;
import brocker.runtime.Step;
import brocker.runtime.process.Credentials;
import brocker.spec.BrockerException;
import brocker.spec.CapabilityChange;
import brocker.spec.Seccomp;
import brocker.spec.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reloads one nginx, on a platform thread of its own: changes that come within a short window become one reload, the configuration is
 * checked before it is used, and a change is done when the workers of the earlier configuration are gone.
 */
final class NginxControl implements ProxyControl {
    private static final System.Logger LOG = System.getLogger(NginxControl.class.getName());
    private static final Duration WINDOW = Duration.ofMillis(20);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Nginx nginx;
    private final ServiceRecord service;
    private final RunningContainer container;
    private final List<Fd> sockets;
    private final NginxProcesses processes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private @Nullable Wanted wanted;
    private List<Change> waiting = new ArrayList<>();
    private boolean closed;

    NginxControl(Nginx nginx, ServiceRecord service, RunningContainer container, List<Fd> sockets) {
        this.nginx = nginx;
        this.service = service;
        this.container = container;
        this.sockets = sockets;
        this.processes = new NginxProcesses(nginx.runtime().cgroups(), container);
        this.thread =
                Thread.ofPlatform().daemon().name("nginx-" + service.name()).start(this::work);
    }

    @Override
    public Change apply(ServiceRecord service, List<Upstream> members) {
        Change change = new Change();
        lock.lock();
        try {
            if (closed) {
                change.complete();
            } else {
                wanted = new Wanted(service, members);
                waiting.add(change);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        return change;
    }

    @Override
    public void close() {
        List<Change> left;
        lock.lock();
        try {
            closed = true;
            left = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        left.forEach(Change::complete);
    }

    private record Wanted(ServiceRecord service, List<Upstream> members) {}

    private record Batch(Wanted wanted, List<Change> changes) {}

    private void work() {
        try {
            while (true) {
                Batch batch = next();
                try {
                    Set<Integer> earlier = reload(batch.wanted);
                    Thread.ofVirtual()
                            .name("nginx-drain-" + service.name())
                            .start(() -> watch(batch.wanted.service, earlier, batch.changes));
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "proxy of \"" + service.name() + "\": " + e.getMessage());
                    batch.changes.forEach(Change::complete);
                }
            }
        } catch (InterruptedException _) {
            LOG.log(System.Logger.Level.DEBUG, "the proxy of \"" + service.name() + "\" has left");
        }
    }

    /** Waits for a change, and a moment more for those that come with it. */
    private Batch next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (wanted == null) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        Thread.sleep(WINDOW);
        lock.lockInterruptibly();
        try {
            Wanted last = wanted == null ? new Wanted(service, List.of()) : wanted;
            Batch batch = new Batch(last, waiting);
            wanted = null;
            waiting = new ArrayList<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes nginx do this.
     *
     * @return the workers of every earlier configuration, which may still be busy; none where it does so already
     */
    private Set<Integer> reload(Wanted next) throws InterruptedException {
        if (nginx.runs(next.service, next.members)) {
            return Set.of();
        }
        nginx.writeCandidate(next.service, next.members);
        Step.CANDIDATE_WRITTEN.done();
        check();
        nginx.doubt(service);
        nginx.useCandidate(service);
        Step.CONFIGURATION_REPLACED.done();
        Set<Integer> earlier = processes.workers();
        container.signal(Signal.SIGHUP);
        long deadline = System.nanoTime() + RELOAD_TIMEOUT.toNanos();
        while (!container.exit().isDone() && !newOnesServe(earlier)) {
            if (System.nanoTime() > deadline) {
                throw new BrockerException.Host("reload-failed", "nginx did not reload within 10 s", "");
            }
            Thread.sleep(POLL);
        }
        nginx.settle(service);
        Step.PROXY_RELOADED.done();
        return earlier;
    }

    private boolean newOnesServe(Set<Integer> earlier) {
        return processes.workers().stream()
                        .filter(pid -> !earlier.contains(pid))
                        .count()
                >= Nginx.workers();
    }

    private void check() {
        CommandPlan plan = new CommandPlan(
                nginx.checkCandidate(),
                nginx.inheritance(sockets.size()),
                Credentials.ROOT,
                nginx.runtime().privileges(CapabilityChange.NONE, new Seccomp.Default()),
                "/app",
                sockets);
        try (ExecSession session = nginx.runtime().exec(container, plan)) {
            session.stdin().close();
            String said = new String(new FdInputStream(session.stderr()).readAllBytes(), StandardCharsets.UTF_8);
            if (!session.exit().join().equals(new Exit.Code(0))) {
                throw new BrockerException.Host(
                        "nginx-refused", "nginx refuses its configuration: " + said.strip(), "");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Follows the workers of the earlier configurations: first they accept nothing more, then they are gone. */
    private void watch(ServiceRecord applied, Set<Integer> earlier, List<Change> changes) {
        Duration longest = applied.spec().drainTimeoutOrDefault().plus(GRACE);
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            awaitNone(processes::accepting, earlier, deadline);
            changes.forEach(change -> change.serving().complete(null));
            awaitNone(processes::workers, earlier, deadline);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            changes.forEach(Change::complete);
        }
    }

    private void awaitNone(Supplier<Set<Integer>> workers, Set<Integer> earlier, long deadline)
            throws InterruptedException {
        while (!container.exit().isDone()
                && System.nanoTime() < deadline
                && workers.get().stream().anyMatch(earlier::contains)) {
            Thread.sleep(POLL);
        }
    }
}
