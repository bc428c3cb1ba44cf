package brocker.runtime;

import brocker.kernel.Exit;
import brocker.kernel.ExitWatcher;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.Memfd;
import brocker.kernel.Pipe;
import brocker.kernel.Spawn;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.Orders;
import brocker.runtime.process.StartStatus;
import brocker.spec.BrockerException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** One exec, step by step. Used once, on a platform thread. */
final class Exec {
    private final RunningContainer container;
    private final CommandPlan plan;
    private final InitProgram init;
    private final Cgroups cgroups;
    private final ExitWatcher watcher;

    Exec(RunningContainer container, CommandPlan plan, InitProgram init, Cgroups cgroups, ExitWatcher watcher) {
        this.container = container;
        this.plan = plan;
        this.init = init;
        this.cgroups = cgroups;
        this.watcher = watcher;
    }

    /** With this process at the other ends of its streams. */
    ExecSession run() {
        try (Undo undo = new Undo()) {
            Pipe stdin = pipe(undo);
            Pipe stdout = pipe(undo);
            Pipe stderr = pipe(undo);
            Started started = start(orders(), stdin.read(), stdout.write(), stderr.write(), undo);
            stdin.read().close();
            stdout.write().close();
            stderr.write().close();
            started.awaitCommand();
            undo.keep();
            return new ExecSession(started.pidfd, stdin.write(), stdout.read(), stderr.read(), started.exit);
        } catch (KernelException e) {
            throw failed(e);
        }
    }

    /** As a child of PID 1, which it outlives as little as the first command does. */
    void detach(Fd stdout, Fd stderr) {
        try (Undo undo = new Undo();
                Fd stdin = Linux.open("/dev/null", Linux.O_RDONLY, 0)) {
            Started started = start(orders().add("detach"), stdin, stdout, stderr, undo);
            try {
                started.awaitCommand();
            } finally {
                // It has left the command to PID 1, or failed before.
                started.exit.join();
            }
        } catch (KernelException e) {
            throw failed(e);
        }
    }

    /** What {@code brocker-run} has handed over: the command, or with {@code detach} its parent. Its descriptors are those of the undo. */
    private record Started(Fd pidfd, Fd status, CompletableFuture<Exit> exit) {
        /** Returns when the command was executed. */
        void awaitCommand() {
            try (status) {
                StartStatus.await(status, UnaryOperator.identity());
            }
        }
    }

    private Started start(Orders what, Fd stdin, Fd stdout, Fd stderr, Undo undo) {
        Pipe status = pipe(undo);
        try (Pipe handed = Linux.pipe2();
                Fd orders = Memfd.sealed("brocker-orders", what.bytes())) {
            int pid = spawn(orders, status.write(), handed.write(), stdin, stdout, stderr);
            status.write().close();
            handed.write().close();
            Fd pidfd = handOver(pid, status, handed);
            undo.push(pidfd::close);
            return new Started(pidfd, status.read(), watcher.watch(pidfd));
        }
    }

    /**
     * Fetches the command that {@code brocker-run} hands over: a child of this process in the container's PID namespace. {@code brocker-run}
     * ends when the pipe is closed.
     */
    private Fd handOver(int pid, Pipe status, Pipe handed) {
        try (Fd program = Linux.pidfd_open(pid)) {
            var _ = watcher.watch(program); // which reaps it
            if (Linux.read(handed.read(), new byte[1], 0, 1) == 0) {
                StartStatus.await(status.read(), UnaryOperator.identity());
                throw new BrockerException.Host("exec-failed", "cannot execute: brocker-run was killed", "");
            }
            Fd command = Linux.pidfd_getfd(program, InitProgram.COMMAND);
            handed.read().close();
            return command;
        }
    }

    private static BrockerException.Host failed(KernelException e) {
        return new BrockerException.Host("exec-failed", "cannot execute: " + e.getMessage(), "");
    }

    private int spawn(Fd orders, Fd status, Fd handed, Fd stdin, Fd stdout, Fd stderr) {
        Spawn spawn = Spawn.of(init.executable(), InitProgram.EXECUTABLE, List.of("brocker-run", "exec"), List.of())
                .with(0, stdin)
                .with(1, stdout)
                .with(2, stderr)
                .with(InitProgram.ORDERS, orders)
                .with(InitProgram.STATUS, status)
                .with(InitProgram.HANDOVER, handed)
                .with(InitProgram.TARGET, container.pidfd());
        if (container.users().isEmpty()) {
            return plan.pass(spawn).start();
        }
        // PID 1 keeps it open for this.
        try (Fd users = Linux.pidfd_getfd(container.pidfd(), InitProgram.USER_NAMESPACE)) {
            return plan.pass(spawn.with(InitProgram.USER_NAMESPACE, users)).start();
        }
    }

    private Orders orders() {
        Orders orders =
                new Orders().each("cgroup", cgroups.entrances(container.name().value()));
        container.users().ifPresent(users -> orders.add("user-namespace", users.first(), users.count()));
        plan.order(orders);
        return orders;
    }

    private static Pipe pipe(Undo undo) {
        Pipe pipe = Linux.pipe2();
        undo.push(pipe::close);
        return pipe;
    }
}
