package brocker.daemon.proxy;

import brocker.daemon.orchestrator.ServiceRecord;
import brocker.daemon.orchestrator.Traffic;
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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Makes one nginx run another configuration, which it has checked before.
 *
 * @param sockets what it listens on for the host
 */
record NginxReload(Nginx nginx, RunningContainer container, List<Fd> sockets, NginxProcesses processes) {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Makes nginx do this.
     *
     * @return the workers of every earlier configuration, which may still be busy; none where it does so already
     */
    Set<Integer> carryOut(ServiceRecord service, Traffic traffic) throws InterruptedException {
        if (nginx.runs(service, traffic)) {
            return Set.of();
        }
        nginx.writeCandidate(service, traffic, container.users());
        Step.CANDIDATE_WRITTEN.done();
        check();
        nginx.doubt(service);
        nginx.useCandidate(service);
        Step.CONFIGURATION_REPLACED.done();
        Set<Integer> earlier = processes.workers();
        container.signal(Signal.SIGHUP);
        long deadline = System.nanoTime() + LONGEST.toNanos();
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
            throw new UncheckedIOException(e);
        }
    }
}
