package brocker.daemon.proxy;

import brocker.kernel.Errno;
import brocker.kernel.Fd;
import brocker.kernel.InNamespaces;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.runtime.CommandPlan;
import brocker.runtime.RunningContainer;
import brocker.runtime.Step;
import brocker.runtime.Undo;
import brocker.runtime.network.TcpConnections;
import brocker.runtime.process.Processes;
import brocker.spec.BrockerException;
import brocker.spec.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces the running nginx by the installed one in the same container: another master is started with the same listening sockets and
 * streams, init makes it the container's command, and the old one finishes its requests. nginx's own upgrade by SIGUSR2 does not work with
 * {@code daemon off}. Each step first finds out whether an earlier daemon has done it already.
 *
 * @param sockets what nginx listens on for the host
 */
record NginxUpgrade(Nginx nginx, RunningContainer container, NginxProcesses processes, List<Fd> sockets) {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Upgrades; from then on the new nginx accepts connections.
     *
     * @return the workers of the old one, which may still be busy
     * @throws BrockerException.Host if the installed nginx does not start; the old one keeps running
     */
    Set<Integer> carryOut() throws InterruptedException {
        List<Integer> masters = processes.serving();
        if (masters.isEmpty()) {
            throw failed("nginx does not run");
        }
        int old = masters.getFirst();
        int successor = masters.size() > 1 ? masters.getLast() : start(old);
        Set<Integer> earlier = processes.workersOf(old);
        Step.UPGRADE_SUCCESSOR_SERVES.done();
        nginx.runtime()
                .succeed(
                        container,
                        Processes.innermostId(successor)
                                .orElseThrow(() -> failed("the installed nginx exits immediately")));
        Step.UPGRADE_HANDED_OVER.done();
        quit(old);
        return earlier;
    }

    /** Finishes an upgrade that an earlier daemon began; does nothing if there is none. */
    void finish() throws InterruptedException {
        if (processes.serving().size() > 1) {
            carryOut();
        }
    }

    /** Starts the installed nginx; returns its master when its workers are there. */
    private int start(int old) throws InterruptedException {
        Set<Integer> before = processes.commands();
        InNamespaces.call("nginx-upgrade-" + container.name().abbreviated(), () -> {
            execute(old);
            return true;
        });
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!container.exit().isDone() && System.nanoTime() < deadline) {
            Set<Integer> begun = new HashSet<>(processes.commands());
            begun.removeAll(before);
            if (begun.isEmpty()) {
                throw failed("the installed nginx exits immediately");
            }
            int next = begun.iterator().next();
            if (processes.serving().contains(next) && processes.workersOf(next).size() >= Nginx.workers()) {
                return next;
            }
            Thread.sleep(POLL);
        }
        throw failed("the installed nginx does not start within " + LONGEST.toSeconds() + " s");
    }

    /** Executes it with every socket on which the old one listens: those of the host, and those opened in its own network. */
    private void execute(int old) {
        try (Undo opened = new Undo();
                Fd pidfd = Linux.pidfd_open(old)) {
            List<Fd> listening = new ArrayList<>(sockets);
            Set<String> own = new TcpConnections(old).listening();
            for (Map.Entry<Integer, String> socket : Processes.sockets(old).entrySet()) {
                if (own.contains(socket.getValue())) {
                    listening.add(taken(pidfd, socket.getKey(), opened));
                }
            }
            CommandPlan plan = nginx.plan(nginx.command(), listening);
            nginx.runtime().detach(container, plan, taken(pidfd, STDOUT, opened), taken(pidfd, STDERR, opened));
        } catch (KernelException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
    }

    private static Fd taken(Fd pidfd, int number, Undo opened) {
        Fd copy = Linux.pidfd_getfd(pidfd, number);
        opened.push(copy::close);
        return copy;
    }

    private static void quit(int master) {
        try {
            Linux.kill(master, Signal.SIGQUIT.number());
        } catch (KernelException e) {
            // It has ended by itself.
            if (!e.errno().equals(Errno.ESRCH)) {
                throw e;
            }
        }
    }

    private BrockerException.Host failed(String why) {
        return new BrockerException.Host(
                "upgrade-failed",
                why,
                "its log may say more: brocker-client container logs "
                        + container.name().abbreviated());
    }
}
