package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.Device;
import brocker.kernel.Exit;
import brocker.kernel.FdInputStream;
import brocker.kernel.Linux;
import brocker.runtime.cgroup.Cgroups;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.spec.CapabilityChange;
import brocker.spec.CapabilityName;
import brocker.spec.Command;
import brocker.spec.Seccomp;
import brocker.spec.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What containers can do with devices, also with the host's user ids and CAP_MKNOD. */
@RequiresSandbox
@Timeout(60)
final class DevicesTest {
    private static final String REFUSED = "Operation not permitted";
    /** {@code /dev/net/tun}. Unrestricted, opening it succeeds, or fails with ENXIO if the kernel has no such device. */
    private static final int TUN_MAJOR = 10;

    private static final int TUN_MINOR = 200;

    private final TestHost host;

    DevicesTest(@TempDir Path directory) {
        this.host = new TestHost(directory);
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private Privileges withMknod() {
        return host.runtime()
                .privileges(
                        new CapabilityChange(List.of(new CapabilityName("MKNOD")), List.of()), new Seccomp.Default());
    }

    /** A container with the host's user ids and CAP_MKNOD. */
    private ContainerPlan shared(String script) throws IOException {
        return TestHost.sharing(host.plan(withMknod(), "/bin/sh", "-c", script));
    }

    private void finish(ContainerPlan plan, RunningContainer container) throws Exception {
        try (container) {
            container.exit().get(40, TimeUnit.SECONDS);
        } finally {
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
    }

    private String said(ContainerPlan plan) throws Exception {
        finish(plan, host.runtime().start(plan));
        return Files.readString(plan.record().resolve("log"));
    }

    private String exec(RunningContainer container, String script) throws Exception {
        CommandPlan plan = new CommandPlan(
                new Command(List.of("/bin/sh", "-c", script)),
                Map.of("PATH", "/usr/bin:/bin"),
                Credentials.ROOT,
                withMknod(),
                host.processLimits(),
                "/",
                List.of());
        try (ExecSession session = host.runtime().exec(container, plan)) {
            String said = new String(new FdInputStream(session.stderr()).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(session.exit().get(40, TimeUnit.SECONDS)).isInstanceOf(Exit.Code.class);
            return said;
        }
    }

    @Test
    void devicesBeyondTheStandardOnesAreNotMade() throws Exception {
        String said =
                said(shared("cd /tmp; mknod kmsg c 1 11; mknod disk b 254 0; mknod mem c 1 1; mknod zero c 1 5; ls"));

        assertThat(said)
                .contains("mknod: kmsg: " + REFUSED, "mknod: disk: " + REFUSED, "mknod: mem: " + REFUSED)
                .contains(" F zero\n")
                .doesNotContain(" F kmsg\n", " F disk\n", " F mem\n");
    }

    @Test
    void devicesBeyondTheStandardOnesAreNotOpened() throws Exception {
        ContainerPlan plan = shared("sleep 60");
        RunningContainer container = host.runtime().start(plan);
        String dev = "/proc/" + container.init().pid() + "/root/dev/";
        Linux.mknod(dev + "tun", Linux.S_IFCHR | 0666, TUN_MAJOR, TUN_MINOR);
        Linux.mknod(dev + "again", Linux.S_IFCHR | 0666, 1, 5);

        assertThat(exec(container, "exec 3</dev/tun")).contains(REFUSED);
        for (Device device : List.of(Device.NULL, Device.ZERO, Device.FULL, Device.RANDOM, Device.URANDOM)) {
            assertThat(exec(container, "exec 3<>/dev/" + device.file())).isEmpty();
        }
        assertThat(exec(container, "exec 3</dev/again 4<>/dev/ptmx")).isEmpty();
        container.signal(Signal.SIGKILL);
        finish(plan, container);
    }

    /** Moves a group's processes to another one and deletes it. They may fork meanwhile, and a group is busy for a moment after the last has left. */
    private static void dissolve(Path group, Path other) throws Exception {
        for (int attempt = 0; Files.exists(group); attempt++) {
            try {
                for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                    Files.writeString(other.resolve("cgroup.procs"), pid);
                }
                Files.delete(group);
            } catch (IOException e) {
                assertThat(attempt).as(e.toString()).isLessThan(200);
                Thread.sleep(10);
            }
        }
    }

    /** A container of a daemon that did not know the controller. */
    @Test
    void anAdoptedContainerIsRestricted() throws Exception {
        ContainerPlan plan = shared("sleep 60");
        RunningContainer container = host.runtime().start(plan);
        Cgroups cgroups = host.runtime().cgroups();
        Optional<Path> group = cgroups.entrances(plan.name().value()).stream()
                .map(Path::getParent)
                .filter(directory -> Files.exists(directory.resolve("devices.list")))
                .findFirst();
        if (group.isPresent()) { // version 1; version 2 needs nothing
            dissolve(group.get(), group.get().resolve("../..").normalize());
        }
        Linux.mknod("/proc/" + container.init().pid() + "/root/dev/tun", Linux.S_IFCHR | 0666, TUN_MAJOR, TUN_MINOR);

        RunningContainer adopted = host.runtime()
                .adopt(plan.name(), container.init(), Optional.empty())
                .orElseThrow();
        assertThat(exec(adopted, "exec 3</dev/tun")).contains(REFUSED);
        if (group.isPresent()) {
            assertThat(Files.readAllLines(group.get().resolve("cgroup.procs")))
                    .contains(String.valueOf(container.init().pid()))
                    .hasSameSizeAs(cgroups.processes(plan.name().value()));
        }
        adopted.close();
        container.signal(Signal.SIGKILL);
        finish(plan, container);
    }

    @Test
    void changesOfANodeStayInTheContainer() throws Exception {
        List<Path> nodes = List.of(Path.of("/dev/null"), Path.of("/dev/full"));
        try {
            String said = said(shared("chmod 660 /dev/full /proc/keys /proc/self/fd/0; touch -d 2001-01-01 /dev/null;"
                    + " stat -c '%n %a' /dev/full /dev/null /proc/keys"));

            assertThat(said).contains("/dev/full 660", "/dev/null 660", "/proc/keys 660");
            for (Path node : nodes) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node)))
                        .as(node.toString())
                        .isEqualTo("rw-rw-rw-");
            }
        } finally {
            for (Path node : nodes) {
                Files.setPosixFilePermissions(node, PosixFilePermissions.fromString("rw-rw-rw-"));
            }
        }
    }

    @Test
    void nodesBelongToRootInside() throws Exception {
        ContainerPlan plan = host.plan(
                Limits.DEFAULT,
                List.of(),
                "/",
                "/bin/sh",
                "-c",
                "stat -c '%n %u:%g %a' /dev/null /dev/tty; chmod 600 /dev/full && stat -c '%n %a' /dev/full");

        assertThat(said(plan)).contains(" F /dev/null 0:0 666\n", " F /dev/tty 0:0 666\n", " F /dev/full 600\n");
    }
}
