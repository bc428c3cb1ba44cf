package brocker.runtime;

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

    ExecSession run() {
        try (Undo undo = new Undo()) {
            Pipe stdin = pipe(undo);
            Pipe stdout = pipe(undo);
            Pipe stderr = pipe(undo);
            try (Pipe status = Linux.pipe2();
                    Pipe handed = Linux.pipe2();
                    Fd orders = Memfd.sealed("brocker-orders", orders())) {
                int pid = spawn(orders, status.write(), handed.write(), stdin.read(), stdout.write(), stderr.write());
                status.write().close();
                handed.write().close();
                stdin.read().close();
                stdout.write().close();
                stderr.write().close();
                Fd pidfd = command(pid, status, handed);
                undo.push(pidfd::close);
                ExecSession session =
                        new ExecSession(pidfd, stdin.write(), stdout.read(), stderr.read(), watcher.watch(pidfd));
                StartStatus.await(status.read(), UnaryOperator.identity());
                undo.keep();
                return session;
            }
        } catch (KernelException e) {
            throw new BrockerException.Host("exec-failed", "cannot execute: " + e.getMessage(), "");
        }
    }

    /**
     * Fetches the command that {@code brocker-run} hands over: a child of this process in the container's PID namespace. {@code brocker-run}
     * ends when the pipe is closed.
     */
    private Fd command(int pid, Pipe status, Pipe handed) {
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

    private int spawn(Fd orders, Fd status, Fd handed, Fd stdin, Fd stdout, Fd stderr) {
        Spawn spawn = Spawn.of(init.executable(), InitProgram.EXECUTABLE, List.of("brocker-run", "exec"), List.of())
                .with(0, stdin)
                .with(1, stdout)
                .with(2, stderr)
                .with(InitProgram.ORDERS, orders)
                .with(InitProgram.STATUS, status)
                .with(InitProgram.HANDED, handed)
                .with(InitProgram.TARGET, container.pidfd());
        if (container.users().isEmpty()) {
            return plan.pass(spawn).start();
        }
        // PID 1 keeps it open for this.
        try (Fd users = Linux.pidfd_getfd(container.pidfd(), InitProgram.USER_NAMESPACE)) {
            return plan.pass(spawn.with(InitProgram.USER_NAMESPACE, users)).start();
        }
    }

    private byte[] orders() {
        Orders orders =
                new Orders().each("cgroup", cgroups.entrances(container.name().value()));
        container.users().ifPresent(users -> orders.add("user-namespace", users.first(), users.count()));
        plan.order(orders);
        return orders.bytes();
    }

    private static Pipe pipe(Undo undo) {
        Pipe pipe = Linux.pipe2();
        undo.push(pipe::close);
        return pipe;
    }
}
