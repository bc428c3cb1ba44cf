package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Exit;
import brocker.kernel.FdInputStream;
import brocker.kernel.FdOutputStream;
import brocker.kernel.ProcessIdentity;
import brocker.runtime.cgroup.Capacity;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.network.Addresses;
import brocker.runtime.process.Credentials;
import brocker.runtime.process.ExitRecord;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import brocker.spec.Mount;
import brocker.spec.Signal;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@RequiresSandbox
@Timeout(30)
final class ContainerRuntimeTest {
    private static final Limits NO_LIMITS = Limits.DEFAULT;

    private final Path directory;
    private final TestHost host;

    ContainerRuntimeTest(@TempDir Path directory) {
        this.directory = directory;
        this.host = new TestHost(directory);
    }

    @BeforeEach
    void begin() {
        host.assertNothingLeft();
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    private Exit finish(ContainerPlan plan, RunningContainer container) throws Exception {
        try (container) {
            return container.exit().get(20, TimeUnit.SECONDS);
        } finally {
            container.exit().join();
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
    }

    private void kill(ContainerPlan plan, RunningContainer container) throws Exception {
        assertThat(container.signal(Signal.SIGKILL)).isTrue();
        finish(plan, container);
    }

    @Test
    void commandRunsInItsDirectoryAndItsExitCodeIsRecorded() throws Exception {
        ContainerPlan plan =
                host.plan("/bin/sh", "-c", "echo \"$WHO $(pwd) $(hostname) $PPID\" > /app/said; echo out; exit 7");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(7));
        assertThat(plan.directory().resolve("said")).hasContent("a b /app inside 1\n");
        assertThat(plan.record().resolve("log")).content().endsWith(" stdout F out\n");
        ExitRecord record = ExitRecord.read(plan.record()).orElseThrow();
        assertThat(record.code()).isEqualTo(7);
        assertThat(record.signal()).isZero();
        assertThat(record.lostLines()).isZero();
        assertThat(record.ended()).isAfter(record.started());
    }

    @Test
    void signalReachesTheCommandAndItsExitCodeIs128PlusTheSignal() throws Exception {
        ContainerPlan plan = host.plan("/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);

        assertThat(container.signal(Signal.SIGTERM)).isTrue();
        assertThat(container.exit().get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Code(143));
        assertThat(container.signal(Signal.SIGTERM)).isFalse();
        finish(plan, container);
        assertThat(container.signal(Signal.SIGKILL)).isFalse();
        assertThat(ExitRecord.read(plan.record()).orElseThrow().signal()).isEqualTo(15);
    }

    @Test
    void everyNamespaceIsTheContainersOwn() throws Exception {
        ContainerPlan plan = host.plan("/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);

        for (String kind : List.of("pid", "mnt", "net", "uts", "ipc", "cgroup")) {
            assertThat(Files.readSymbolicLink(
                            Path.of("/proc/" + container.init().pid() + "/ns", kind)))
                    .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns", kind)));
        }
        kill(plan, container);
        assertThat(ExitRecord.read(plan.record())).as("PID 1 was killed").isEmpty();
    }

    @Test
    void rootInsideIsAnUnprivilegedUserOutsideAndItsFilesAreItsOwn() throws Exception {
        ContainerPlan plan = host.plan(
                "/bin/sh",
                "-c",
                "id -u; cat /proc/self/uid_map; touch /app/made /tmp/made /run/made /var/lib/made /etc/made /made;"
                        + " stat -c %u /app/made /etc/hosts /run; touch /usr/made; touch /sys/made");
        UserIds users = plan.users().orElseThrow();

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(1));
        assertThat(plan.record().resolve("log"))
                .content()
                .contains(" stdout F 0\n")
                .containsPattern("stdout F +0 +" + users.first() + " +65536\n")
                .containsSubsequence(" F 0\n", " F 0\n", " F 0\n", " F 0\n")
                .doesNotContain("/app/made'", "/tmp/made'", "/run/made'", "/var/lib/made'", "/etc/made'", "'/made'")
                .contains("'/usr/made'", "'/sys/made'");
        assertThat(Files.getAttribute(plan.directory().resolve("made"), "unix:uid"))
                .isEqualTo(users.first());
    }

    @Test
    void filesOfAMountBelongInsideToWhomTheyBelongOutside() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.setAttribute(source, "unix:uid", 1234);
        ContainerPlan plan = host.plan(
                NO_LIMITS,
                List.of(new Mount(source.toString(), "/data", false)),
                "/app",
                "/bin/sh",
                "-c",
                "stat -c 'owner %u' /data; touch /data/made");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(0));
        assertThat(plan.record().resolve("log")).content().contains(" stdout F owner 1234\n");
        assertThat(Files.getAttribute(source.resolve("made"), "unix:uid")).isEqualTo(0);
    }

    @Test
    void mountThatCannotMapIdsIsRefused() throws Exception {
        ContainerPlan plan =
                host.plan(NO_LIMITS, List.of(new Mount("/sys/kernel", "/data", true)), "/app", "/bin/true");

        BrockerException refusal = host.refusal(plan);
        assertThat(refusal.message())
                .isEqualTo("cannot mount \"/sys/kernel\" into a user namespace: its file system cannot map ids");
        assertThat(refusal.hint().orElseThrow()).contains("\"user-namespace\": false");
    }

    @Test
    void limitsAreWrittenToTheGroupAndTheCommandIsInIt() throws Exception {
        Limits limits = new Limits(
                Optional.of(ByteSize.parse("64m")),
                Optional.of(new Cpus(new BigDecimal("0.5"))),
                50,
                Optional.of(CpuList.parse("0")));
        ContainerPlan plan = host.plan(limits, List.of(), "/app", "/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);

        assertThat(host.groupFile(plan, "memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent("67108864");
        assertThat(host.groupFile(plan, "cpu", "cpu.cfs_quota_us", "cpu.max"))
                .content()
                .startsWith("50000");
        assertThat(host.groupFile(plan, "pids", "pids.max", "pids.max")).hasContent("50");
        assertThat(host.groupFile(plan, "cpuset", "cpuset.cpus", "cpuset.cpus")).hasContent("0");
        assertThat(host.runtime().cgroups().processes(plan.name().value()))
                .contains(container.init().pid())
                .hasSize(2);
        host.runtime()
                .adopt(plan.name(), container.init(), plan.users())
                .orElseThrow()
                .close();
        assertThat(host.groupFile(plan, "cpuset", "cpuset.cpus", "cpuset.cpus")).hasContent("0");
        kill(plan, container);
    }

    @Test
    void allContainersTogetherAreLimited() throws Exception {
        Capacity capacity = host.runtime().cgroups().capacity();
        assertThat(host.parentFile("memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent(String.valueOf(capacity.memory().bytes()));
        assertThat(host.parentFile("pids", "pids.max", "pids.max")).hasContent(String.valueOf(capacity.pids()));
        int mostPids = Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys/kernel/pid_max")).getFirst());
        assertThat(capacity.pids()).isGreaterThan(1000).isLessThan(mostPids);
    }

    @Test
    void containerReachesItsBridgeThroughTheHostEnd() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, Addresses.of(TestHost.BRIDGE_ADDRESS.bits()))) {
            ContainerPlan plan = host.plan(
                    "/bin/bash",
                    "-c",
                    "exec 3<>/dev/tcp/10.99.0.1/" + server.getLocalPort() + " && echo hello >&3 && sleep 60");
            RunningContainer container = host.runtime().start(plan);

            assertThat(host.link(plan.hostEnd()).orElseThrow().master())
                    .isEqualTo(host.link(host.bridge()).orElseThrow().index());
            server.setSoTimeout(10_000);
            try (Socket client = server.accept()) {
                assertThat(client.getInetAddress().getHostAddress())
                        .isEqualTo(plan.address().address());
                assertThat(client.getInputStream().readNBytes(6)).isEqualTo("hello\n".getBytes(StandardCharsets.UTF_8));
            }
            kill(plan, container);
        }
    }

    @Test
    void networksInUseAreFound() {
        assertThat(host.runtime().network().taken()).contains(TestHost.BRIDGE_ADDRESS, Cidr.parse("127.0.0.1/8"));
        assertThat(host.runtime().network().has(host.bridge())).isTrue();
        assertThat(host.runtime().network().has("brtest")).isFalse();
    }

    @Test
    void mountedDirectoryIsSeenInside() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("in"), "from outside\n");
        ContainerPlan plan = host.plan(
                NO_LIMITS,
                List.of(new Mount(data.toString(), "/data", false), new Mount(data.toString(), "/srv/deep/er", true)),
                "/app",
                "/bin/sh",
                "-c",
                "cat /srv/deep/er/in > /data/out; touch /srv/deep/er/x 2>/dev/null || exit 9");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(9));
        assertThat(data.resolve("out")).hasContent("from outside\n");
    }

    @Test
    void execRunsInTheContainerWithStreamsOfItsOwn() throws Exception {
        ContainerPlan plan = host.plan("/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);
        Command command = new Command(List.of("/bin/sh", "-c", "cat; hostname; echo wrong >&2; exit 3"));
        CommandPlan exec = new CommandPlan(
                command,
                Map.of("PATH", "/bin"),
                Credentials.ROOT,
                host.privileges(),
                host.processLimits(),
                "/app",
                List.of());

        try (ExecSession session = host.runtime().exec(container, exec)) {
            try (FdOutputStream stdin = new FdOutputStream(session.stdin())) {
                stdin.write("hello\n".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(new FdInputStream(session.stdout()).readAllBytes())
                    .isEqualTo("hello\ninside\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new FdInputStream(session.stderr()).readAllBytes())
                    .isEqualTo("wrong\n".getBytes(StandardCharsets.UTF_8));
            assertThat(session.exit().get(10, TimeUnit.SECONDS)).isEqualTo(new Exit.Code(3));
        }
        CommandPlan missing = new CommandPlan(
                Command.parse("/bin/nothing"),
                Map.of(),
                Credentials.ROOT,
                host.privileges(),
                host.processLimits(),
                "/app",
                List.of());
        BrockerException refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().exec(container, missing));
        assertThat(refusal.message()).isEqualTo("cannot start: \"/bin/nothing\": no such file or directory");
        kill(plan, container);
    }

    @Test
    void containerIsFoundAgainByPidAndStartTimeAlone() throws Exception {
        ContainerPlan plan = host.plan("/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);
        ProcessIdentity identity = container.init();
        ProcessIdentity recycled = new ProcessIdentity(identity.pid(), identity.startTicks() - 1);

        assertThat(host.runtime().adopt(plan.name(), recycled, plan.users())).isEmpty();
        RunningContainer adopted =
                host.runtime().adopt(plan.name(), identity, plan.users()).orElseThrow();
        container.close();
        assertThat(adopted.exit()).isNotDone();
        kill(plan, adopted);
        assertThat(host.runtime().adopt(plan.name(), identity, plan.users())).isEmpty();
    }

    @Test
    void manyContainersStartAtOnce() throws Exception {
        List<ContainerPlan> plans = new ArrayList<>();
        List<Future<RunningContainer>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 16; i++) {
                ContainerPlan plan = host.plan("/bin/sh", "-c", "exit " + i);
                plans.add(plan);
                starts.add(threads.submit(() -> host.runtime().start(plan)));
            }
        }
        for (int i = 0; i < plans.size(); i++) {
            assertThat(finish(plans.get(i), starts.get(i).get())).isEqualTo(new Exit.Code(i));
        }
    }
}
