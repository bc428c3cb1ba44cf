package brocker.runtime;

import brocker.kernel.Errno;
import brocker.kernel.ExitWatcher;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.Memfd;
import brocker.kernel.Pipe;
import brocker.kernel.ProcessIdentity;
import brocker.kernel.Spawn;
import brocker.runtime.cgroup.CgroupMount;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.network.BridgePort;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.Orders;
import brocker.runtime.process.StartStatus;
import brocker.runtime.process.UserIds;
import brocker.runtime.rootfs.LateMount;
import brocker.runtime.rootfs.OwnTree;
import brocker.runtime.rootfs.RootSpec;
import brocker.runtime.rootfs.Rootfs;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One container's start, step by step. Used once, on a platform thread. */
final class Start {
    private final ContainerPlan plan;
    private final InitProgram init;
    private final Cgroups cgroups;
    private final HostNetwork network;
    private final ExitWatcher watcher;
    private final Rootfs rootfs;
    private final Sandboxes sandboxes;
    private final RootSpec root;

    Start(
            ContainerPlan plan,
            InitProgram init,
            Cgroups cgroups,
            HostNetwork network,
            ExitWatcher watcher,
            Rootfs rootfs,
            Sandboxes sandboxes) {
        this.plan = plan;
        this.init = init;
        this.cgroups = cgroups;
        this.network = network;
        this.watcher = watcher;
        this.rootfs = rootfs;
        this.sandboxes = sandboxes;
        this.root = new RootSpec(
                plan.rootfs().map(tree -> new OwnTree(tree, plan.layers().orElseThrow())),
                plan.hostname(),
                plan.address().address(),
                Cidr.dotted(plan.gateway()),
                plan.egress(),
                plan.mounts(),
                plan.writable(),
                plan.keepOwners() && plan.users().isPresent(),
                plan.tmpfs(),
                plan.users().map(UserIds::first).orElse(0));
    }

    RunningContainer run() {
        try (Undo undo = new Undo()) {
            String group = plan.name().value();
            undo.push(() -> cgroups.delete(group));
            cgroups.create(group, plan.limits());
            Step.GROUP_MADE.done();
            try (Pipe status = Linux.pipe2();
                    Pipe go = Linux.pipe2();
                    Fd orders = Memfd.sealed("brocker-orders", orders())) {
                undo.push(() -> network.detach(plan.hostEnd()));
                Sandbox.Spawned spawned = spawn(orders, status, go);
                undo.push(spawned.network()::close);
                Step.INIT_SPAWNED.done();
                Fd pidfd = Linux.pidfd_open(spawned.pid());
                undo.push(pidfd::close);
                ProcessIdentity identity = ProcessIdentity.of(spawned.pid()).orElseThrow();
                RunningContainer container = new RunningContainer(
                        plan.name(), identity, pidfd, spawned.network(), plan.users(), watcher.watch(pidfd));
                undo.push(() -> end(container));
                status.write().close();
                go.read().close();
                network.attach(new BridgePort(plan.hostEnd(), plan.address().bits()), plan.bridge());
                Step.HOST_END_ATTACHED.done();
                release(go);
                Step.INIT_RELEASED.done();
                awaitCommand(status.read());
                Step.COMMAND_EXECUTED.done();
                undo.keep();
                sandboxes.replenish();
                return container;
            }
        } catch (KernelException e) {
            throw new BrockerException.Host("start-failed", "cannot start: " + e.getMessage(), "");
        }
    }

    private Sandbox.Spawned spawn(Fd orders, Pipe status, Pipe go) {
        try (Sandbox sandbox = sandboxes.take()) {
            return sandbox.run(inside -> {
                inside.connect(plan.hostEnd(), plan.address(), plan.gateway());
                rootfs.complete(root);
                try (Undo undo = new Undo();
                        // Opened in this mount namespace, so that PID 1 can detach the directory from it.
                        Fd none = Linux.open(rootfs.nullDevice().toString(), Linux.O_RDWR, 0);
                        Fd record = Linux.open(plan.record().toString(), Linux.O_RDONLY | Linux.O_DIRECTORY, 0)) {
                    // Before PID 1 exists: its pivot_root(2) moves this thread's root too, which shares its mount
                    // namespace.
                    Fd namespace = inside.namespace();
                    undo.push(namespace::close);
                    int pid = init(none, orders, status, go, record).start();
                    undo.keep();
                    return new Sandbox.Spawned(pid, namespace);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Spawn init(Fd none, Fd orders, Pipe status, Pipe go, Fd record) {
        Spawn spawn = Spawn.of(init.executable(), InitProgram.EXECUTABLE, List.of("brocker-run", "init"), List.of())
                .with(0, none)
                .with(1, none)
                .with(2, none)
                .with(InitProgram.ORDERS, orders)
                .with(InitProgram.STATUS, status.write())
                .with(InitProgram.GO, go.read())
                .with(InitProgram.RECORD, record);
        return plan.command().pass(spawn);
    }

    private byte[] orders() {
        Orders orders = new Orders()
                .each("cgroup", cgroups.entrances(plan.name().value()))
                .add("oom-events", cgroups.oomEvents(plan.name().value()))
                .add("root", rootfs.path());
        plan.users().ifPresent(users -> orders.add("user-namespace", users.first(), users.count()));
        for (LateMount mount : rootfs.late(root, cgroupMounts())) {
            orders.add("mount", mount.source(), mount.target(), mount.type(), mount.flags(), mount.data());
        }
        root.tree().ifPresent(_ -> orders.add("tree", OwnTree.PLACE));
        long fileFlags = Linux.MS_BIND | (plan.readOnly() ? Linux.MS_RDONLY : 0);
        rootfs.files(root).forEach((source, target) -> orders.add("file", source, target, fileFlags));
        orders.add("app", plan.directory()).each("mask", Rootfs.MASKED).each("read-only", Rootfs.READ_ONLY);
        if (cgroups.version() == 1) {
            orders.add("read-only", "/sys/fs/cgroup");
        }
        if (plan.readOnly()) {
            orders.add("root-read-only");
        }
        orders.add("hostname", plan.hostname())
                .add("log", plan.log().bytes(), plan.log().files());
        plan.command().order(orders);
        return orders.bytes();
    }

    /** Where each hierarchy appears inside: at the same place as outside. */
    private List<LateMount> cgroupMounts() {
        List<LateMount> mounts = new ArrayList<>();
        long flags = Linux.MS_RDONLY | Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC;
        for (CgroupMount visible : cgroups.visible()) {
            String target = cgroups.version() == 2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + visible.options();
            mounts.add(new LateMount(visible.type(), target, visible.type(), flags, visible.options()));
        }
        return mounts;
    }

    /** Killed for lack of memory before the command was executed, PID 1 leaves no word; or it is told that there is none. */
    private void awaitCommand(Fd status) {
        Optional<BrockerException> failure = Optional.empty();
        try {
            StartStatus.await(status, object -> rootfs.asWritten(root, object));
        } catch (BrockerException e) {
            failure = Optional.of(e);
        }
        if (plan.limits().memory().isPresent() && cgroups.oomKills(plan.name().value()) > 0) {
            throw new BrockerException.CannotStart(
                    "out-of-memory",
                    "cannot start: out of memory: the limit is \""
                            + plan.limits().memory().get() + "\"",
                    "give it more \"memory\"");
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static void release(Pipe go) {
        try {
            Linux.writeFully(go.write(), new byte[] {1}, 0, 1);
        } catch (KernelException e) {
            // PID 1 has ended already; the status says why.
            if (!e.errno().equals(Errno.EPIPE)) {
                throw e;
            }
        }
    }

    /** PID 1 may wait for the go or have ended; the group can be removed only when it is gone. */
    private static void end(RunningContainer container) {
        container.signal(Signal.SIGKILL);
        container.exit().join();
    }
}
