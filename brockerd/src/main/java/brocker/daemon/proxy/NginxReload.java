package brocker.daemon.proxy;

import brocker.daemon.port.Traffic;
import brocker.daemon.record.ServiceRecord;
import brocker.runtime.RunningContainer;
import brocker.runtime.Step;
import brocker.spec.BrockerException;
import brocker.spec.Signal;
import java.time.Duration;
import java.util.Set;

/** Makes one nginx run another configuration, which it has checked before. */
record NginxReload(
        Nginx nginx, RunningContainer container, NginxCheck check, NginxProcesses processes, NginxUpgrade upgrade) {
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Makes nginx do this.
     *
     * @return the workers of every earlier configuration, which may still be busy; none where it does so already
     */
    Set<Integer> carryOut(ServiceRecord service, Traffic traffic) throws InterruptedException {
        Configuration configuration = nginx.configuration(service, traffic);
        NginxDirectory directory = nginx.directory(service);
        if (directory.runs(configuration)) {
            return Set.of();
        }
        upgrade.finish();
        directory.write(NginxDirectory.CANDIDATE, configuration, container.users());
        Step.CANDIDATE_WRITTEN.done();
        check.require(directory.inside() + "/" + NginxDirectory.CANDIDATE, configuration.directives());
        directory.doubt();
        new TempFileSystem(container).resize(nginx.tempSize(service));
        directory.useCandidate();
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
        directory.settle();
        Step.PROXY_RELOADED.done();
        return earlier;
    }

    private boolean newOnesServe(Set<Integer> earlier) {
        return processes.workers().stream()
                        .filter(pid -> !earlier.contains(pid))
                        .count()
                >= Nginx.workers();
    }
}
