package brocker.runtime;

import brocker.kernel.ExitWatcher;
import brocker.kernel.Fd;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
import brocker.kernel.NamespaceVisitor;
import brocker.kernel.ProcessIdentity;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.network.NamespaceSockets;
import brocker.runtime.privilege.CapabilitySet;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.privilege.SeccompFilters;
import brocker.runtime.process.HostLimits;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.UserIds;
import brocker.runtime.rootfs.Rootfs;
import brocker.spec.BrockerException;
import brocker.spec.Capability;
import brocker.spec.CapabilityChange;
import brocker.spec.ContainerName;
import brocker.spec.Seccomp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes, finds and unmakes containers on this host. Knows nothing of services. Thread-safe; its methods block in the kernel, so they
 * belong on platform threads.
 */
public final class ContainerRuntime implements AutoCloseable {
    private final InitProgram init;
    private final Cgroups cgroups;
    private final HostNetwork network;
    private final ExitWatcher watcher;
    private final Rootfs rootfs;
    private final Sandboxes sandboxes;
    private final NamespaceVisitor visitor = NamespaceVisitor.ofNetworks("container-sockets");
    private final SeccompFilters filters = SeccompFilters.open();
    private final HostLimits limits = HostLimits.read();

    private ContainerRuntime(
            InitProgram init, Cgroups cgroups, HostNetwork network, ExitWatcher watcher, Rootfs rootfs) {
        this.init = init;
        this.cgroups = cgroups;
        this.network = network;
        this.watcher = watcher;
        this.rootfs = rootfs;
        this.sandboxes = new Sandboxes(network, rootfs);
    }

    /**
     * Opens the runtime in the namespaces of this process.
     *
     * @param initProgram the file of {@code brocker-run}
     * @param cgroupParent the name of the group below which all containers' groups lie
     * @param mountPoint an empty directory on which containers compose their roots, each in its own namespace; what is mounted in them is
     *     gathered beside it, in {@code sources}
     * @throws BrockerException.Host when the host lacks what a container needs
     */
    public static ContainerRuntime open(Path initProgram, String cgroupParent, Path mountPoint) {
        try (Undo undo = new Undo()) {
            InitProgram init = InitProgram.load(initProgram);
            undo.push(init::close);
            Cgroups cgroups = Cgroups.detect(Path.of("/proc/self/mountinfo"), cgroupParent);
            undo.push(cgroups::removeParent);
            cgroups.prepare();
            Path sources = mountPoint.resolveSibling("sources");
            Files.createDirectories(mountPoint);
            HostNetwork network = HostNetwork.open();
            undo.push(network::close);
            ContainerRuntime runtime = new ContainerRuntime(
                    init,
                    cgroups,
                    network,
                    ExitWatcher.open("exit-watcher"),
                    new Rootfs(mountPoint, sources, cgroups.mountPoints()));
            undo.keep();
            return runtime;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to prepare what the first start would otherwise wait for. */
    public void warmUp() {
        sandboxes.replenish();
        Thread.ofPlatform().daemon().name("warm-up").start(this::compileDefault);
    }

    private void compileDefault() {
        try {
            privileges(CapabilityChange.NONE, new Seccomp.Default());
        } catch (BrockerException.Host e) {
            // Whoever starts a container is told so; those that run already go on.
            System.getLogger(ContainerRuntime.class.getName()).log(System.Logger.Level.WARNING, e.message());
        }
    }

    /**
     * What a command may do.
     *
     * @throws BrockerException.Invalid when the profile cannot be followed
     * @throws BrockerException.Host when the host has no libseccomp
     */
    public Privileges privileges(CapabilityChange change, Seccomp seccomp) {
        CapabilitySet capabilities = CapabilitySet.changed(change);
        return new Privileges(capabilities, filters.filter(seccomp, capabilities));
    }

    /**
     * Checks that a command in this process's own user namespace can be given what is added; in a new one every capability is there.
     *
     * @throws BrockerException.CannotStart when this process does not have it itself, or the container could make and open the host's devices
     */
    public void requireHeld(CapabilityChange change) {
        if (!change.add().isEmpty()) {
            CapabilitySet.requireHeld(change, new CapabilitySet(Linux.effective_capabilities()));
        }
        if (CapabilitySet.changed(change).has(Capability.CAP_MKNOD)) {
            cgroups.requireDevicesRestricted();
        }
    }

    /** What this host lets the processes of a container have. */
    public HostLimits limits() {
        return limits;
    }

    public HostNetwork network() {
        return network;
    }

    public Cgroups cgroups() {
        return cgroups;
    }

    /**
     * Starts a container and returns once its command was executed. A failure leaves the host as if nothing had been tried.
     *
     * @throws BrockerException.CannotStart when it is the command's or the specification's fault
     * @throws BrockerException.Host when it is the host's
     */
    public RunningContainer start(ContainerPlan plan) {
        return new Start(plan, init, cgroups, network, watcher, rootfs, sandboxes).run();
    }

    /**
     * Runs one more command in a container and returns once it was executed.
     *
     * @throws BrockerException.CannotStart when it cannot be executed
     */
    public ExecSession exec(RunningContainer container, CommandPlan plan) {
        return new Exec(container, plan, init, cgroups, watcher).run();
    }

    /**
     * Executes one more command that belongs to the container's PID 1, as its first one does, and returns once it was executed.
     *
     * @param stdout stays the caller's, as does stderr
     * @throws BrockerException.CannotStart when it cannot be executed
     */
    public void detach(RunningContainer container, CommandPlan plan, Fd stdout, Fd stderr) {
        new Exec(container, plan, init, cgroups, watcher).detach(stdout, stderr);
    }

    /**
     * Finds a container again that an earlier daemon started.
     *
     * @param users the ids that it was started with
     * @return empty when its PID 1 has ended, even if another process has the number now
     */
    public Optional<RunningContainer> adopt(ContainerName name, ProcessIdentity identity, Optional<UserIds> users) {
        try (Undo undo = new Undo()) {
            Fd pidfd = Linux.pidfd_open(identity.pid());
            undo.push(pidfd::close);
            Fd inside = Linux.open("/proc/" + identity.pid() + "/ns/net", Linux.O_RDONLY, 0);
            undo.push(inside::close);
            if (!ProcessIdentity.of(identity.pid()).equals(Optional.of(identity))) {
                return Optional.empty();
            }
            completeGroups(name);
            undo.keep();
            return Optional.of(new RunningContainer(name, identity, pidfd, inside, users, watcher.watch(pidfd)));
        } catch (KernelException _) {
            // No such process, or one that has ended and is not reaped yet: both have no namespaces any more.
            return Optional.empty();
        }
    }

    private void completeGroups(ContainerName name) {
        try {
            cgroups.complete(name.value());
        } catch (BrockerException.Host e) {
            // It runs, within the groups that the earlier daemon gave it.
            System.getLogger(ContainerRuntime.class.getName())
                    .log(System.Logger.Level.WARNING, "container \"" + name.abbreviated() + "\": " + e.message());
        }
    }

    /**
     * Makes another process the command of a container: signals go to it, and the container ends with it.
     *
     * @param successor a child of PID 1, see {@link #detach}, by its number inside
     */
    public void succeed(RunningContainer container, int successor) {
        container.queue(InitProgram.SUCCESSION, successor);
    }

    /** Whether {@link #succeed} works: an earlier version of {@code brocker-run} may be PID 1 of a container that was adopted. */
    public boolean canSucceed(RunningContainer container) {
        return init.isExecutedBy(container.init().pid());
    }

    /** A container as this runtime has made or found it. */
    public static RunningContainer own(Container container) {
        if (container instanceof RunningContainer running) {
            return running;
        }
        throw new IllegalArgumentException("no container of this runtime: " + container);
    }

    /** Opens sockets in a container's network; the caller closes it. */
    public NamespaceSockets sockets(RunningContainer container) {
        return new NamespaceSockets(visitor, container.network());
    }

    /** Removes what the kernel still holds of a container whose PID 1 has ended: host end and cgroup. */
    public void delete(ContainerName name, String hostEnd) {
        network.detach(hostEnd);
        Step.HOST_END_DETACHED.done();
        cgroups.delete(name.value());
        Step.GROUP_DELETED.done();
    }

    /** Containers that run go on. Without any, nothing of the runtime is left on the host. */
    @Override
    public void close() {
        sandboxes.close();
        visitor.close();
        watcher.close();
        network.close();
        init.close();
        cgroups.removeParent();
    }
}
