package brocker.daemon.proxy;

import brocker.kernel.ProcessIdentity;
import brocker.runtime.RunningContainer;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.process.Processes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processes of one nginx, by their host's ids: init, below it the master, below that the workers. While an nginx is upgraded there are
 * two masters.
 */
record NginxProcesses(Cgroups cgroups, RunningContainer container) {
    /** What a worker calls itself from the moment on that it closed its listening sockets. */
    private static final String LEAVING = "is shutting down";

    private static final String MASTER = "nginx: master process";

    /** The workers that take new connections. */
    Set<Integer> accepting() {
        return workers().stream().filter(NginxProcesses::accepts).collect(Collectors.toSet());
    }

    /** The workers, those of earlier configurations and masters that are still busy among them. */
    Set<Integer> workers() {
        List<Integer> all = all();
        return masters(all).stream()
                .flatMap(master -> Processes.childrenOf(master, all).stream())
                .collect(Collectors.toSet());
    }

    /** The workers of one master. */
    Set<Integer> workersOf(int master) {
        return Set.copyOf(Processes.childrenOf(master, all()));
    }

    /** The masters whose workers take new connections, the oldest first; two where an upgrade is not finished. */
    List<Integer> serving() {
        List<Integer> all = all();
        return masters(all).stream()
                .filter(master -> Processes.childrenOf(master, all).stream().anyMatch(NginxProcesses::accepts))
                .toList();
    }

    /** The masters that were started after this one: the successor of an upgrade that is not finished. */
    Set<Integer> mastersAfter(int master) {
        return masters(all()).stream().dropWhile(pid -> pid != master).skip(1).collect(Collectors.toSet());
    }

    /** What init has started, or taken over from others: masters, and commands that are about to become one. */
    Set<Integer> commands() {
        return Set.copyOf(Processes.childrenOf(container.init().pid(), all()));
    }

    private List<Integer> masters(List<Integer> all) {
        return Processes.childrenOf(container.init().pid(), all).stream()
                .filter(pid -> Processes.title(pid).startsWith(MASTER))
                .sorted(Comparator.comparingLong(NginxProcesses::age))
                .toList();
    }

    private static boolean accepts(int worker) {
        return !Processes.title(worker).contains(LEAVING);
    }

    private static long age(int pid) {
        return Optional.of(pid)
                .flatMap(ProcessIdentity::of)
                .map(ProcessIdentity::startTicks)
                .orElse(Long.MAX_VALUE);
    }

    private List<Integer> all() {
        return cgroups.processes(container.name().value());
    }
}
