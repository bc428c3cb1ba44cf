package brocker.daemon.proxy;

import brocker.runtime.RunningContainer;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.process.Processes;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The processes of one nginx, by their host's ids: init, below it the master, below that the workers. */
record NginxProcesses(Cgroups cgroups, RunningContainer container) {
    /** What a worker calls itself from the moment on that it closed its listening sockets. */
    private static final String LEAVING = "is shutting down";

    /** The workers that take new connections. */
    Set<Integer> accepting() {
        return workers().stream()
                .filter(pid -> !Processes.title(pid).contains(LEAVING))
                .collect(Collectors.toSet());
    }

    /** The workers, those of earlier configurations that are still busy among them. */
    Set<Integer> workers() {
        List<Integer> all = cgroups.processes(container.name().value());
        List<Integer> masters = Processes.childrenOf(container.init().pid(), all);
        return masters.stream()
                .flatMap(master -> Processes.childrenOf(master, all).stream())
                .collect(Collectors.toSet());
    }
}
