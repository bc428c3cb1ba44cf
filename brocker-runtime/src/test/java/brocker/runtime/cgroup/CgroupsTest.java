package brocker.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupsTest {
    private static final Limits LIMITS = limits("512m", "1.5", 77, "0,2-3");
    private static final Limits NONE = Limits.DEFAULT;

    private final Path top;
    private final HostHierarchies host;

    CgroupsTest(@TempDir Path top) {
        this.top = top;
        this.host = new HostHierarchies(top);
    }

    private static Limits limits(String memory, String cpus, int pids, String cpuset) {
        return new Limits(
                Optional.of(ByteSize.parse(memory)),
                Optional.of(new Cpus(new BigDecimal(cpus))),
                pids,
                Optional.of(CpuList.parse(cpuset)));
    }

    @Test
    void mountsAreReadWithTheirControllers() throws IOException {
        host.hybrid();

        assertThat(CgroupMount.read(top.resolve("mountinfo")))
                .containsExactly(
                        new CgroupMount(top.resolve("unified"), "cgroup2", List.of()),
                        new CgroupMount(top.resolve("systemd"), "cgroup", List.of()),
                        new CgroupMount(top.resolve("memory"), "cgroup", List.of("memory")),
                        new CgroupMount(top.resolve("cpu,cpuacct"), "cgroup", List.of("cpu", "cpuacct")),
                        new CgroupMount(top.resolve("pids"), "cgroup", List.of("pids")),
                        new CgroupMount(top.resolve("cpuset"), "cgroup", List.of("cpuset")),
                        new CgroupMount(top.resolve("blkio"), "cgroup", List.of("blkio")),
                        new CgroupMount(top.resolve("freezer"), "cgroup", List.of()));
    }

    @Test
    void hybridHostIsVersion1() throws IOException {
        Cgroups cgroups = host.hybrid();

        assertThat(cgroups.version()).isEqualTo(1);
        assertThat(cgroups.visible())
                .extracting(CgroupMount::options)
                .containsExactly("memory", "cpu,cpuacct", "pids", "cpuset");
        assertThat(cgroups.entrances("c"))
                .containsExactly(
                        top.resolve("memory/parent/c/tasks"),
                        top.resolve("cpu,cpuacct/parent/c/tasks"),
                        top.resolve("pids/parent/c/tasks"),
                        top.resolve("cpuset/parent/c/tasks"),
                        top.resolve("blkio/parent/c/tasks"));
    }

    @Test
    void version1RestrictsTheDevicesOfAllContainersOnce() throws IOException {
        host.v1Files();
        host.files("devices/parent", "devices.allow", "devices.deny");
        host.write("devices/parent/devices.list", "a *:* rwm\n");
        Cgroups cgroups = host.detect(
                "memory memory /", "cpu,cpuacct cpu,cpuacct /", "pids pids /", "cpuset cpuset /", "devices devices /");

        assertThat(cgroups.entrances("c")).contains(top.resolve("devices/parent/c/tasks"));
        assertThat(cgroups.visible()).extracting(CgroupMount::options).doesNotContain("devices");
        assertThatThrownBy(cgroups::requireDevicesRestricted)
                .isInstanceOf(BrockerException.CannotStart.class)
                .hasMessageContaining("cannot add \"MKNOD\"");
        cgroups.prepare();
        assertThat(host.content("devices/parent/devices.deny")).isEqualTo("a *:* rwm");
        assertThat(host.content("devices/parent/devices.allow")).isEqualTo("c 136:* rwm");

        // As a daemon with other devices left it.
        host.write("devices/parent/devices.list", "c 1:3 rwm\nb 8:0 rw\nc 136:* rwm\n");
        host.files("devices/parent", "devices.allow", "devices.deny");
        assertThatThrownBy(cgroups::requireDevicesRestricted).isInstanceOf(BrockerException.CannotStart.class);
        cgroups.prepare();
        assertThat(host.content("devices/parent/devices.deny")).isEqualTo("b 8:0 rw");
        assertThat(host.content("devices/parent/devices.allow")).isEqualTo("c 5:2 rwm");

        host.write("devices/parent/devices.list", "c 1:3 rwm\nc 136:* rwm\n");
        host.files("devices/parent", "devices.allow", "devices.deny");
        cgroups.prepare();
        assertThat(host.content("devices/parent/devices.deny")).isEmpty();
        cgroups.requireDevicesRestricted();
        cgroups.requireDeviceControl();
    }

    @Test
    void hostWithoutDeviceControlRunsContainersWithoutMknod() throws IOException {
        host.v1Files();
        Cgroups cgroups = host.hybrid();
        cgroups.prepare();

        BrockerException reason = catchThrowableOfType(BrockerException.Host.class, cgroups::requireDeviceControl);
        assertThat(reason.message()).isEqualTo("the control groups of this host have no devices controller");
        assertThatThrownBy(cgroups::requireDevicesRestricted).isInstanceOf(BrockerException.CannotStart.class);
    }

    @Test
    void version1WritesEachLimitInItsHierarchy() throws IOException {
        host.v1Files();
        host.hybrid().create("c", LIMITS);

        assertThat(host.content("memory/parent/c/memory.limit_in_bytes")).isEqualTo("536870912");
        assertThat(host.content("memory/parent/c/memory.memsw.limit_in_bytes")).isEqualTo("536870912");
        assertThat(host.content("cpu,cpuacct/parent/c/cpu.cfs_period_us")).isEqualTo("100000");
        assertThat(host.content("cpu,cpuacct/parent/c/cpu.cfs_quota_us")).isEqualTo("150000");
        assertThat(host.content("pids/parent/c/pids.max")).isEqualTo("77");
        assertThat(host.content("cpuset/parent/c/cpuset.cpus")).isEqualTo("0,2-3");
        assertThat(host.content("cpuset/parent/c/cpuset.mems")).isEqualTo("0");
    }

    @Test
    void version1LeavesWhatIsNotLimitedAlone() throws IOException {
        host.v1Files();
        Files.writeString(top.resolve("cpuset/parent/cpuset.cpus"), "1\n");
        host.hybrid().create("c", NONE);

        assertThat(host.content("memory/parent/c/memory.limit_in_bytes")).isEmpty();
        assertThat(host.content("cpu,cpuacct/parent/c/cpu.cfs_quota_us")).isEmpty();
        assertThat(host.content("pids/parent/c/pids.max")).isEqualTo("4096");
        assertThat(host.content("cpuset/parent/c/cpuset.cpus")).isEqualTo("1");
    }

    @Test
    void unifiedHostWithTheControllersIsVersion2() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory hugetlb pids\n");

        assertThat(cgroups.version()).isEqualTo(2);
        assertThat(cgroups.entrances("c")).containsExactly(top.resolve("v2/parent/c/cgroup.procs"));
        assertThat(cgroups.visible()).hasSize(1);
    }

    @Test
    void version2WritesEveryLimitInTheGroup() throws IOException {
        host.unified("cpuset cpu io memory hugetlb pids\n").create("c", LIMITS);

        assertThat(host.content("v2/parent/c/memory.max")).isEqualTo("536870912");
        assertThat(host.content("v2/parent/c/memory.swap.max")).isEqualTo("0");
        assertThat(host.content("v2/parent/c/cpu.max")).isEqualTo("150000 100000");
        assertThat(host.content("v2/parent/c/pids.max")).isEqualTo("77");
        assertThat(host.content("v2/parent/c/cpuset.cpus")).isEqualTo("0,2-3");
    }

    @Test
    void version2LeavesWhatIsNotLimitedAlone() throws IOException {
        host.unified("cpu memory pids\n").create("c", NONE);

        assertThat(host.content("v2/parent/c/memory.max")).isEmpty();
        assertThat(host.content("v2/parent/c/cpu.max")).isEmpty();
        assertThat(host.content("v2/parent/c/pids.max")).isEqualTo("4096");
    }

    /** A directory made here stays without the files that the kernel would put there, which is where these starts end. */
    @Test
    void firstGroupMakesTheParentAndDelegatesWhatItDoesNotHaveYet() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory hugetlb pids\n");
        try (var files = Files.walk(top.resolve("v2/parent"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> cgroups.create("c", NONE));

        assertThat(refusal.message()).startsWith("reading \"" + top.resolve("v2/parent/memory."));
        assertThat(host.content("v2/cgroup.subtree_control")).isEqualTo("+cpu +cpuset +io +memory +pids");
        assertThat(top.resolve("v2/parent")).isEmptyDirectory();

        Files.delete(top.resolve("v2/parent"));
        host.write("v2/cgroup.subtree_control", "memory cpuset\n");
        assertThatThrownBy(() -> cgroups.create("c", NONE)).isInstanceOf(BrockerException.Host.class);
        assertThat(host.content("v2/cgroup.subtree_control")).startsWith("+cpu +io +pids");
    }

    @Test
    void hostWithoutAControllerIsRefused() throws IOException {
        for (String[] mounts : new String[][] {
            {}, {"memory memory /", "pids pids /"}, {"memory memory /", "cpu cpu /", "pids pids /elsewhere"}
        }) {
            BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> host.detect(mounts));
            assertThat(refusal.code()).isEqualTo("no-cgroups");
        }
        BrockerException refusal =
                catchThrowableOfType(BrockerException.Host.class, () -> host.unified("cpu memory\n"));
        assertThat(refusal.message()).isEqualTo("the host offers no control groups with memory, cpu and pids");
    }

    @Test
    void groupsAreListedAndDeleted() throws IOException {
        Cgroups cgroups = host.hybrid();
        assertThat(cgroups.names()).isEmpty();
        host.files("memory/parent/b");
        host.files("pids/parent/a");
        host.files("memory/parent/c", "cgroup.procs");
        Files.writeString(top.resolve("memory/parent/c/cgroup.procs"), "12\n4711\n");

        assertThat(cgroups.names()).containsExactly("a", "b", "c");
        assertThat(cgroups.processes("c")).containsExactly(12, 4711);
        assertThat(cgroups.processes("none")).isEmpty();
        cgroups.delete("a");
        cgroups.delete("b");
        cgroups.delete("none");
        assertThat(cgroups.names()).containsExactly("c");
    }

    @Test
    void refusedWriteNamesValueAndFile() throws IOException {
        host.v1Files();
        Files.delete(top.resolve("pids/parent/c/pids.max"));
        Files.createDirectory(top.resolve("pids/parent/c/pids.max"));
        Cgroups cgroups = host.hybrid();
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> cgroups.create("c", LIMITS));

        assertThat(refusal.message())
                .isEqualTo("reading \"" + top.resolve("pids/parent/c/pids.max") + "\": is a directory");
    }

    @Test
    void whereOneLimitIsRefusedTheOthersAreAsTheyWere() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory pids\n");
        cgroups.create("c", LIMITS);
        Files.delete(top.resolve("v2/parent/c/pids.max"));

        assertThatThrownBy(() -> cgroups.update("c", limits("256m", "0.5", 9, "1")))
                .isInstanceOf(BrockerException.Host.class);
        assertThat(host.content("v2/parent/c/memory.max")).isEqualTo("536870912");
        assertThat(host.content("v2/parent/c/memory.swap.max")).isEqualTo("0");
        assertThat(host.content("v2/parent/c/cpu.max")).isEqualTo("150000 100000");
        assertThat(host.content("v2/parent/c/cpuset.cpus")).isEqualTo("0,2-3");
    }

    @Test
    void memoryAndSwapTogetherAreNeverBelowMemoryAlone() throws IOException {
        host.v1Files();
        Cgroups cgroups = host.hybrid();
        cgroups.create("c", LIMITS);
        Memory memory = new Memory(top.resolve("memory/parent/c"), 1);

        assertThat(memory.settings(limits("1g", "1", 9, "1")))
                .extracting(setting -> setting.file().getFileName().toString())
                .containsExactly("memory.memsw.limit_in_bytes", "memory.limit_in_bytes");
        assertThat(memory.settings(limits("256m", "1", 9, "1")))
                .extracting(setting -> setting.file().getFileName().toString())
                .containsExactly("memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
    }

    @Test
    void lessMemoryThanIsInUseIsRefusedAndWhatCanBeReadAgainDoesNotCount() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory pids\n");
        cgroups.create("c", LIMITS);
        host.write("v2/parent/c/memory.current", (300 << 20) + "\n");
        host.write("v2/parent/c/memory.stat", "inactive_file 20971520\nactive_file 31457280\n");

        BrockerException refusal = catchThrowableOfType(
                BrockerException.Conflict.class, () -> cgroups.update("c", limits("249m", "0.5", 9, "1")));
        assertThat(refusal.message()).isEqualTo("cannot limit memory to \"249m\": 250m are in use");
        assertThat(host.content("v2/parent/c/pids.max")).isEqualTo("77");
        cgroups.update("c", limits("250m", "0.5", 9, "1"));
        assertThat(host.content("v2/parent/c/memory.max")).isEqualTo("262144000");
        assertThat(host.content("v2/parent/c/pids.max")).isEqualTo("9");
    }

    @Test
    void allContainersTogetherGetWhatTheHostCanSpare() throws IOException {
        host.unified("cpuset cpu io memory pids\n").prepare();
        host.v1Files();
        host.hybrid().prepare();

        String memory = String.valueOf((8192L - 410) << 20);
        assertThat(host.content("v2/parent/memory.max")).isEqualTo(memory);
        assertThat(host.content("v2/parent/memory.swap.max")).isEqualTo("0");
        assertThat(host.content("v2/parent/pids.max")).isEqualTo("24576");
        assertThat(host.content("memory/parent/memory.limit_in_bytes")).isEqualTo(memory);
        assertThat(host.content("memory/parent/memory.memsw.limit_in_bytes")).isEqualTo(memory);
        assertThat(host.content("pids/parent/pids.max")).isEqualTo("24576");
    }

    @Test
    void containersThatUseMoreThanTheHostCanSpareAreNotKilledForIt() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory pids\n");
        host.write("v2/parent/memory.current", (8L << 30) + "\n");
        cgroups.prepare();

        assertThat(host.content("v2/parent/memory.max")).isEmpty();
        assertThat(host.content("v2/parent/pids.max")).isEqualTo("24576");
    }

    @Test
    void oldKernelIsToldToHoldWhatIsBelowAGroup() throws IOException {
        host.v1Files();
        host.write("memory/parent/memory.use_hierarchy", "0\n");
        host.hybrid().prepare();

        assertThat(host.content("memory/parent/memory.use_hierarchy")).isEqualTo("1");
    }

    @Test
    void usageIsReadFromVersion2() throws IOException {
        Cgroups cgroups = host.unified("cpuset cpu io memory pids\n");
        host.write("v2/parent/c/memory.current", "5000\n");
        host.write("v2/parent/c/memory.stat", "inactive_file_x 1\ninactive_file 1000\nactive_file 9\n");
        host.write("v2/parent/c/memory.events", "low 0\noom 4\noom_kill 3\noom_group_kill 0\n");
        host.write("v2/parent/c/cpu.stat", "usage_usec 12345\nuser_usec 1\n");
        host.write("v2/parent/c/pids.current", "7\n");
        host.write("v2/parent/c/io.stat", "8:0 rbytes=100 wbytes=20 rios=1\n8:16\n254:0 rbytes=3 wbytes=4\n");

        assertThat(cgroups.usage("c"))
                .contains(new Usage(4000, Duration.ofNanos(12_345_000), 7, OptionalLong.of(103), OptionalLong.of(24)));
        assertThat(cgroups.oomKills("c")).isEqualTo(3);
        assertThat(cgroups.oomEvents("c")).isEqualTo(top.resolve("v2/parent/c/memory.events"));
        assertThat(cgroups.usage("none")).isEmpty();
        assertThat(cgroups.oomKills("none")).isZero();
    }

    @Test
    void usageIsReadFromVersion1() throws IOException {
        host.v1Files();
        host.write("memory/parent/c/memory.usage_in_bytes", "5000\n");
        host.write("memory/parent/c/memory.stat", "inactive_file 1\ntotal_inactive_file 1000\n");
        host.write("memory/parent/c/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        host.write("cpu,cpuacct/parent/c/cpuacct.usage", "12345678\n");
        host.write("pids/parent/c/pids.current", "7\n");
        host.write(
                "blkio/parent/c/blkio.throttle.io_service_bytes_recursive",
                "8:0 Read 100\n8:0 Write 20\n8:0 Total 120\n254:0 Read 3\n254:0 Write 4\nTotal 127\n");

        Cgroups cgroups = host.hybrid();
        assertThat(cgroups.usage("c"))
                .contains(new Usage(4000, Duration.ofNanos(12_345_678), 7, OptionalLong.of(103), OptionalLong.of(24)));
        assertThat(cgroups.oomKills("c")).isEqualTo(2);
        assertThat(cgroups.oomEvents("c")).isEqualTo(top.resolve("memory/parent/c/memory.oom_control"));
        assertThat(cgroups.usage("none")).isEmpty();
    }
}
