package brocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.kernel.Exit;
import brocker.runtime.cgroup.CpuWeight;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.cgroup.Usage;
import brocker.runtime.process.ExitRecord;
import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import brocker.spec.Signal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresSandbox
@Timeout(60)
final class LimitsTest {
    private static final int KILLED = 128 + 9;

    private final TestHost host;

    LimitsTest(@TempDir Path directory) {
        this.host = new TestHost(directory);
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private static Limits memory(String size) {
        return new Limits(Optional.of(ByteSize.parse(size)), Optional.empty(), Limits.DEFAULT_PIDS, Optional.empty());
    }

    private ContainerPlan plan(Limits limits, String... command) throws IOException {
        return host.plan(limits, List.of(), "/app", command);
    }

    private Exit finish(ContainerPlan plan, RunningContainer container) throws Exception {
        try (container) {
            return container.exit().get(40, TimeUnit.SECONDS);
        } finally {
            host.runtime().delete(plan.name(), plan.hostEnd());
        }
    }

    private void kill(ContainerPlan plan, RunningContainer container) throws Exception {
        container.signal(Signal.SIGKILL);
        finish(plan, container);
    }

    /** Waits until the container has written a line. */
    private static void await(ContainerPlan plan, String line) throws Exception {
        Path log = plan.record().resolve("log");
        while (!Files.exists(log) || !Files.readString(log).contains(" F " + line + "\n")) {
            Thread.sleep(5);
        }
    }

    @Test
    void memoryHogIsKilledAndCounted() throws Exception {
        ContainerPlan plan = plan(memory("32m"), "/usr/bin/tail", "/dev/zero");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(KILLED));
        ExitRecord record = ExitRecord.read(plan.record()).orElseThrow();
        assertThat(record.code()).isEqualTo(KILLED);
        assertThat(record.signal()).isEqualTo(9);
        assertThat(record.oomKills()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp", "/dev/shm"})
    void whatIsWrittenToATemporaryFileSystemCountsAsMemory(String place) throws Exception {
        ContainerPlan plan = plan(
                memory("24m"), "/bin/sh", "-c", "dd if=/dev/zero of=" + place + "/hog bs=1M count=40; echo survived");

        finish(plan, host.runtime().start(plan));
        assertThat(ExitRecord.read(plan.record()).orElseThrow().oomKills()).isPositive();
        assertThat(Files.readString(plan.record().resolve("log"))).doesNotContain("40+0 records out");
    }

    @Test
    void temporaryFileSystemThatIsFullIsAnErrorOfTheWriterAlone() throws Exception {
        ContainerPlan plan =
                plan(memory("512m"), "/bin/sh", "-c", "dd if=/dev/zero of=/tmp/hog bs=1M count=300 || exit 5");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(5));
        assertThat(Files.readString(plan.record().resolve("log"))).contains("No space left on device");
        assertThat(ExitRecord.read(plan.record()).orElseThrow().oomKills()).isZero();
    }

    @Test
    void leastMemoryIsEnoughToStart() throws Exception {
        ContainerPlan plan = plan(memory("4m"), "/bin/true");

        assertThat(finish(plan, host.runtime().start(plan))).isEqualTo(new Exit.Code(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4k", "64k"})
    void tooLittleMemoryToStartIsSaid(String size) throws Exception {
        ContainerPlan plan = plan(memory(size), "/bin/true");
        BrockerException.CannotStart refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().start(plan));

        assertThat(refusal.message()).isEqualTo("cannot start: out of memory: the limit is \"" + size + "\"");
        assertThat(refusal.hint().orElse("")).contains("\"memory\"");
        host.assertNothingLeft();
    }

    @Test
    void processesAreHeldToTheirNumber() throws Exception {
        Limits limits = new Limits(Optional.empty(), Optional.empty(), 8, Optional.empty());
        ContainerPlan plan = plan(limits, "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 20 & done");

        finish(plan, host.runtime().start(plan));
        assertThat(Files.readString(plan.record().resolve("log"))).contains("Cannot fork");
    }

    @Test
    void commandThatWouldExceedTheNumberOfProcessesIsRefused() throws Exception {
        Limits limits = new Limits(Optional.empty(), Optional.empty(), 4, Optional.empty());
        ContainerPlan plan = plan(limits, "/bin/sh", "-c", "sleep 60 & sleep 60 & echo full; wait");
        RunningContainer container = host.runtime().start(plan);
        await(plan, "full");

        BrockerException.CannotStart refusal = catchThrowableOfType(
                BrockerException.CannotStart.class, () -> host.runtime().exec(container, plan.command()));
        assertThat(refusal.message()).isEqualTo("cannot start: no more processes and threads are allowed");
        kill(plan, container);
    }

    @Test
    void limitsChangeWhileItRuns() throws Exception {
        ContainerPlan plan = plan(memory("64m"), "/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);
        Limits limits = new Limits(
                Optional.of(ByteSize.parse("96m")),
                Optional.of(new Cpus(new BigDecimal("1.25"))),
                99,
                Optional.of(CpuList.parse("0")));

        host.runtime().cgroups().update(plan.name().value(), limits);
        assertThat(host.groupFile(plan, "memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent("100663296");
        assertThat(host.groupFile(plan, "cpu", "cpu.cfs_quota_us", "cpu.max"))
                .content()
                .startsWith("125000");
        assertThat(host.groupFile(plan, "pids", "pids.max", "pids.max")).hasContent("99");
        assertThat(host.groupFile(plan, "cpuset", "cpuset.cpus", "cpuset.cpus")).hasContent("0");
        host.runtime().cgroups().update(plan.name().value(), memory("32m"));
        assertThat(host.groupFile(plan, "memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent("33554432");
        kill(plan, container);
    }

    @Test
    void weightIsTheGroups() throws Exception {
        ContainerPlan plan = plan(Limits.DEFAULT, "/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);
        Path weight = host.groupFile(plan, "cpu", "cpu.shares", "cpu.weight");
        String usual = Files.readString(weight);

        host.runtime().cgroups().weigh(plan.name().value(), CpuWeight.STARTING);
        assertThat(Double.parseDouble(Files.readString(weight)) / Double.parseDouble(usual))
                .isLessThan(0.11);
        host.runtime().cgroups().weigh(plan.name().value(), CpuWeight.USUAL);
        assertThat(weight).hasContent(usual);
        kill(plan, container);
    }

    @Test
    void lessMemoryThanIsInUseIsRefusedAndNothingChanges() throws Exception {
        String hog = "head -c 40000000 /dev/zero > /dev/shm/hog; echo ready; sleep 60";
        ContainerPlan plan = plan(memory("128m"), "/bin/sh", "-c", hog);
        RunningContainer container = host.runtime().start(plan);
        await(plan, "ready");
        Limits limits =
                new Limits(Optional.of(ByteSize.parse("16m")), Optional.empty(), 7, Optional.of(CpuList.parse("0")));

        BrockerException refusal = catchThrowableOfType(
                BrockerException.Conflict.class,
                () -> host.runtime().cgroups().update(plan.name().value(), limits));
        assertThat(refusal.message()).matches("cannot limit memory to \"16m\": \\d\\dm are in use");
        assertThat(host.groupFile(plan, "memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent("134217728");
        assertThat(host.groupFile(plan, "pids", "pids.max", "pids.max")).hasContent("4096");
        assertThat(host.runtime().cgroups().oomKills(plan.name().value())).isZero();
        kill(plan, container);
    }

    @Test
    void limitThatTheKernelRefusesChangesNone() throws Exception {
        ContainerPlan plan = plan(memory("64m"), "/bin/sleep", "60");
        RunningContainer container = host.runtime().start(plan);
        // Not asked by require() here: the processor is looked for by the kernel alone.
        Limits limits =
                new Limits(Optional.of(ByteSize.parse("32m")), Optional.empty(), 7, Optional.of(CpuList.parse("4095")));

        BrockerException refusal = catchThrowableOfType(
                BrockerException.Host.class,
                () -> host.runtime().cgroups().update(plan.name().value(), limits));
        assertThat(refusal.message()).startsWith("writing \"4095\" to \"").contains("out of range");
        assertThat(host.groupFile(plan, "memory", "memory.limit_in_bytes", "memory.max"))
                .hasContent("67108864");
        assertThat(host.groupFile(plan, "pids", "pids.max", "pids.max")).hasContent("4096");
        kill(plan, container);
    }

    @Test
    void usageIsThatOfTheContainer() throws Exception {
        String busy = "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; head -c 20000000 /dev/zero > /tmp/x;"
                + " echo ready; sleep 60";
        ContainerPlan plan = plan(memory("64m"), "/bin/sh", "-c", busy);
        RunningContainer container = host.runtime().start(plan);
        await(plan, "ready");

        Usage usage = host.runtime().cgroups().usage(plan.name().value()).orElseThrow();
        assertThat(usage.memory()).isBetween(19_000_000L, 64L << 20);
        assertThat(usage.cpu()).isBetween(Duration.ofMillis(20), Duration.ofMinutes(5));
        assertThat(usage.pids()).isBetween(2, 4);
        assertThat(usage.blockRead()).isPresent();
        kill(plan, container);
        assertThat(host.runtime().cgroups().usage(plan.name().value())).isEmpty();
    }
}
