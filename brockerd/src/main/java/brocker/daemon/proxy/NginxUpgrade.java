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
import java.util.Optional;
import java.util.Set;

/**
 * Replaces the running nginx by the installed one in the same container: another master is started with the same listening sockets and
 * streams, init makes it the container's command, and the old one finishes its requests. nginx's own upgrade by SIGUSR2 does not work with
 * {@code daemon off}. Each step first finds out whether an earlier daemon has done it already.
 *
 * @param sockets what nginx listens on for the host
 */
record NginxUpgrade(Nginx nginx, RunningContainer container, NginxProcesses processes, List<Fd> sockets) {
    private static final String ENDED = "the installed nginx has ended";
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Upgrades; from then on the new nginx accepts connections. A successor that an earlier daemon has started is taken if it serves.
     *
     * @return the workers of the old one, which may still be busy
     * @throws BrockerException.Host if the installed nginx does not start; the old one keeps running
     */
    Set<Integer> carryOut() throws InterruptedException {
        List<Integer> serving = processes.serving();
        if (serving.isEmpty()) {
            throw failed("nginx does not run");
        }
        int old = serving.getFirst();
        try (Fd master = hold(old)) {
            Set<Integer> others = new HashSet<>(processes.commands());
            try {
                Set<Integer> inherited = processes.mastersAfter(old);
                others.removeAll(inherited);
                if (inherited.isEmpty()) {
                    start(master, old);
                }
                int successor = awaitSuccessor(others);
                Set<Integer> earlier = processes.workersOf(old);
                Step.UPGRADE_SUCCESSOR_SERVES.done();
                nginx.runtime()
                        .succeed(container, Processes.innermostId(successor).orElseThrow(() -> failed(ENDED)));
                Step.UPGRADE_HANDED_OVER.done();
                if (!processes.serving().contains(successor)) {
                    throw failed(ENDED);
                }
                send(master, Signal.SIGQUIT);
                return earlier;
            } catch (RuntimeException e) {
                abandon(old, others);
                throw e;
            }
        }
    }

    /** Finishes an upgrade that an earlier daemon began; does nothing if there is none. */
    void finish() throws InterruptedException {
        if (isUnfinished()) {
            carryOut();
        }
    }

    /**
     * Whether the container's PID 1 takes a succession. Where an upgrade is unfinished it does, as the daemon that began it made sure,
     * although the installed {@code brocker-run} may be another by now.
     */
    boolean isPossible() {
        return isUnfinished() || nginx.runtime().canSucceed(container);
    }

    private boolean isUnfinished() {
        return processes.serving().stream()
                .findFirst()
                .filter(old -> !processes.mastersAfter(old).isEmpty())
                .isPresent();
    }

    /** Opens a pidfd of a master, so that its number is not taken for another process's later. */
    private Fd hold(int master) {
        try (Undo opened = new Undo()) {
            Fd pidfd = Linux.pidfd_open(master);
            opened.push(pidfd::close);
            if (!processes.serving().contains(master)) {
                throw failed("nginx does not run");
            }
            opened.keep();
            return pidfd;
        } catch (KernelException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
    }

    private void start(Fd master, int old) {
        InNamespaces.call("nginx-upgrade-" + container.name().abbreviated(), () -> {
            execute(master, old);
            return true;
        });
    }

    /** Returns the master that is none of the others when its workers are there. */
    private int awaitSuccessor(Set<Integer> others) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline) {
            Set<Integer> begun = begun(others);
            if (begun.isEmpty()) {
                throw failed(ENDED);
            }
            List<Integer> serving = processes.serving();
            Optional<Integer> ready = begun.stream()
                    .filter(serving::contains)
                    .filter(master -> processes.workersOf(master).size() >= Nginx.workers())
                    .findFirst();
            if (ready.isPresent()) {
                return ready.get();
            }
            Thread.sleep(POLL);
        }
        throw failed("the installed nginx does not start within " + LONGEST.toSeconds() + " s");
    }

    private Set<Integer> begun(Set<Integer> others) {
        Set<Integer> begun = new HashSet<>(processes.commands());
        begun.removeAll(others);
        return begun;
    }

    /** Makes the old master the command, if it no longer was, and kills what is none of the others; PID 1 adopts orphaned workers. */
    private void abandon(int old, Set<Integer> others) throws InterruptedException {
        Set<Integer> begun = begun(others);
        if (begun.isEmpty() || container.exit().isDone()) {
            return;
        }
        Processes.innermostId(old).ifPresent(id -> nginx.runtime().succeed(container, id));
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!begun.isEmpty() && System.nanoTime() < deadline) {
            // PID 1 has to read the signal before the process ends that may be the command.
            Thread.sleep(POLL);
            begun.forEach(this::kill);
            begun = begun(others);
        }
    }

    private void kill(int process) {
        try (Fd pidfd = Linux.pidfd_open(process)) {
            if (processes.commands().contains(process)) {
                send(pidfd, Signal.SIGKILL);
            }
        } catch (KernelException e) {
            requireEnded(e);
        }
    }

    private static void send(Fd pidfd, Signal signal) {
        try {
            Linux.pidfd_send_signal(pidfd, signal.number());
        } catch (KernelException e) {
            requireEnded(e);
        }
    }

    private static void requireEnded(KernelException e) {
        if (!e.errno().equals(Errno.ESRCH)) {
            throw e;
        }
    }

    /** Executes it with every socket on which the old one listens: those of the host, and those opened in its own network. */
    private void execute(Fd master, int old) {
        try (Undo opened = new Undo()) {
            List<Fd> listening = new ArrayList<>(sockets);
            Set<String> own = new TcpConnections(old).listening();
            for (Map.Entry<Integer, String> socket : Processes.sockets(old).entrySet()) {
                if (own.contains(socket.getValue())) {
                    listening.add(taken(master, socket.getKey(), opened));
                }
            }
            CommandPlan plan = nginx.plan(nginx.command(), listening);
            nginx.runtime().detach(container, plan, taken(master, STDOUT, opened), taken(master, STDERR, opened));
        } catch (KernelException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
    }

    private static Fd taken(Fd pidfd, int number, Undo opened) {
        Fd copy = Linux.pidfd_getfd(pidfd, number);
        opened.push(copy::close);
        return copy;
    }

    private BrockerException.Host failed(String why) {
        return new BrockerException.Host(
                "upgrade-failed",
                container.exit().isDone() ? "the container has ended" : why,
                "its log may say more: brocker-client container logs "
                        + container.name().abbreviated());
    }
}
