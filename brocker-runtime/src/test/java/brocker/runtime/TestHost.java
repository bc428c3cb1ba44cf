package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Fd;
import brocker.kernel.netlink.Link;
import brocker.runtime.cgroup.CgroupMount;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.network.BridgePlan;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.runtime.process.ProcessLimits;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.CapabilityChange;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.LogLimits;
import brocker.spec.Mount;
import brocker.spec.ProcessSettings;
import brocker.spec.Seccomp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A runtime with a bridge, a cgroup parent and directories of its own; closing it checks that containers left nothing in them. */
final class TestHost implements AutoCloseable {
    static final Cidr BRIDGE_ADDRESS = Cidr.parse("10.99.0.1/24");
    private static final int PROXY = BRIDGE_ADDRESS.network() + 250;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int number = NUMBER.incrementAndGet();
    private final String parent = "brocker-test-" + ProcessHandle.current().pid() + "-" + number;
    private final AtomicInteger containers = new AtomicInteger(1);
    private final Path directory;
    private final ContainerRuntime runtime;

    TestHost(Path directory) {
        this.directory = directory;
        this.runtime =
                ContainerRuntime.open(Path.of("../brocker-run/target/brocker-run"), parent, directory.resolve("root"));
        runtime.network().addBridge(new BridgePlan(bridge(), BRIDGE_ADDRESS, PROXY, 80, false, true));
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    String bridge() {
        return "brtest" + number;
    }

    /** A container with every default and the next free address. */
    ContainerPlan plan(String... command) throws IOException {
        return plan(privileges(), command);
    }

    ContainerPlan plan(Limits limits, List<Mount> mounts, String workingDirectory, String... command)
            throws IOException {
        return plan(Optional.empty(), limits, mounts, privileges(), ProcessSettings.DEFAULT, workingDirectory, command);
    }

    /** A container with these privileges and otherwise every default. */
    ContainerPlan plan(Privileges privileges, String... command) throws IOException {
        return plan(Optional.empty(), Limits.DEFAULT, List.of(), privileges, ProcessSettings.DEFAULT, "/app", command);
    }

    /** A container with these settings and otherwise every default. */
    ContainerPlan plan(ProcessSettings settings, String... command) throws IOException {
        return plan(Optional.empty(), Limits.DEFAULT, List.of(), privileges(), settings, "/app", command);
    }

    /** What every command gets by default. */
    ProcessLimits processLimits() {
        return runtime.limits().processLimits(ProcessSettings.DEFAULT);
    }

    /** What a container may do by default. */
    Privileges privileges() {
        return runtime.privileges(CapabilityChange.NONE, new Seccomp.Default());
    }

    /** A container with a root of its own and otherwise every default. */
    ContainerPlan plan(Path rootfs, List<Mount> mounts, String... command) throws IOException {
        return plan(
                Optional.of(rootfs), Limits.DEFAULT, mounts, privileges(), ProcessSettings.DEFAULT, "/app", command);
    }

    /** A container with mounts, whose owners are kept or not, and otherwise every default. */
    ContainerPlan withMounts(List<Mount> mounts, boolean keepOwners, String... command) throws IOException {
        ContainerPlan plan = plan(Limits.DEFAULT, mounts, "/app", command);
        return copy(plan, plan.users(), keepOwners);
    }

    /** The same container with the host's user ids. */
    static ContainerPlan sharing(ContainerPlan plan) {
        return copy(plan, Optional.empty(), plan.keepOwners());
    }

    private static ContainerPlan copy(ContainerPlan plan, Optional<UserIds> users, boolean keepOwners) {
        return new ContainerPlan(
                plan.name(),
                plan.command(),
                users,
                plan.hostname(),
                plan.limits(),
                plan.rootfs(),
                plan.layers(),
                plan.mounts(),
                plan.writable(),
                keepOwners,
                plan.tmpfs(),
                plan.readOnly(),
                plan.log(),
                plan.address(),
                plan.gateway(),
                plan.hostEnd(),
                plan.bridge(),
                plan.egress(),
                plan.directory(),
                plan.record());
    }

    private ContainerPlan plan(
            Optional<Path> rootfs,
            Limits limits,
            List<Mount> mounts,
            Privileges privileges,
            ProcessSettings settings,
            String workingDirectory,
            String... command)
            throws IOException {
        int index = containers.incrementAndGet();
        Command arguments = new Command(List.of(command));
        UserIds users = UserIds.numbered(index);
        Path app = Files.createDirectories(directory.resolve("app" + index));
        Files.setAttribute(app, "unix:uid", users.first());
        return new ContainerPlan(
                ContainerName.of(Instant.EPOCH.plusSeconds(index), arguments),
                new CommandPlan(
                        arguments,
                        Map.of("PATH", "/usr/bin:/bin", "WHO", "a b"),
                        Credentials.ROOT,
                        privileges,
                        runtime.limits().processLimits(settings),
                        workingDirectory,
                        List.<Fd>of()),
                Optional.of(users),
                "inside",
                limits,
                rootfs,
                rootfs.isPresent()
                        ? Optional.of(Files.createDirectories(directory.resolve("layers" + index)))
                        : Optional.empty(),
                mounts,
                List.of(directory.resolve("writable")),
                true,
                List.of(),
                false,
                LogLimits.DEFAULT,
                BRIDGE_ADDRESS.withAddress(BRIDGE_ADDRESS.network() + index),
                BRIDGE_ADDRESS.bits(),
                "vt" + number + "x" + index,
                bridge(),
                false,
                app,
                Files.createDirectories(directory.resolve("record" + index)));
    }

    Optional<Link> link(String name) {
        return runtime.network().links().stream()
                .filter(link -> link.name().equals(name))
                .findFirst();
    }

    /** A file of a container's group, in the hierarchy that has the controller. */
    Path groupFile(ContainerPlan plan, String controller, String v1, String v2) {
        Path file = parentFile(controller, v1, v2);
        return file.resolveSibling(plan.name().value()).resolve(file.getFileName());
    }

    /** A file of the group above all containers', in the hierarchy that has the controller. */
    Path parentFile(String controller, String v1, String v2) {
        boolean unified = runtime.cgroups().version() == 2;
        CgroupMount hierarchy = runtime.cgroups().visible().stream()
                .filter(mount -> unified || mount.controllers().contains(controller))
                .findFirst()
                .orElseThrow();
        return hierarchy.path().resolve(parent).resolve(unified ? v2 : v1);
    }

    /** Starts a container that cannot be started, and returns the failure. */
    BrockerException refusal(ContainerPlan plan) {
        BrockerException refusal = catchThrowableOfType(BrockerException.class, () -> runtime.start(plan));
        assertThat(refusal).as("a refusal").isNotNull();
        assertNothingLeft();
        return refusal;
    }

    void assertNothingLeft() {
        assertThat(runtime.cgroups().names()).as("control groups").isEmpty();
        assertThat(runtime.network().links())
                .as("links")
                .extracting(Link::name)
                .noneMatch(name -> name.startsWith("vt" + number + "x"));
        assertThat(directory.resolve("root"))
                .as("mount point, seen from outside")
                .isEmptyDirectory();
    }

    @Override
    public void close() throws IOException {
        try {
            assertNothingLeft();
        } finally {
            runtime.network().deleteBridge(bridge());
            runtime.close();
        }
        for (CgroupMount hierarchy : runtime.cgroups().visible()) {
            assertThat(hierarchy.path().resolve(parent)).as("parent").doesNotExist();
        }
    }
}
