package brocker.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.Cpus;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over directories that look like a host's hierarchies; a file that the kernel would have made is made by the test. */
final class CgroupsTest {
    private static final Limits LIMITS =
            new Limits(Optional.of(ByteSize.parse("512m")), Optional.of(new Cpus(new BigDecimal("1.5"))), 77);
    private static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), 4096);

    private final Path top;

    CgroupsTest(@TempDir Path top) {
        this.top = top;
    }

    private void files(String group, String... files) throws IOException {
        Files.createDirectories(top.resolve(group));
        for (String file : files) {
            Files.writeString(top.resolve(group).resolve(file), "");
        }
    }

    private String content(String file) throws IOException {
        return Files.readString(top.resolve(file));
    }

    private Cgroups detect(String... mounts) throws IOException {
        StringBuilder lines = new StringBuilder("22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n");
        for (String mount : mounts) {
            String[] parts = mount.split(" ", 3);
            lines.append("30 24 0:26 ").append(parts[2]).append(' ').append(top.resolve(parts[0]));
            lines.append(" rw,nosuid,nodev shared:9 master:1 - ")
                    .append(parts[1].startsWith("cgroup2") ? "cgroup2" : "cgroup");
            lines.append(" cgroup rw,").append(parts[1]).append('\n');
        }
        Files.writeString(top.resolve("mountinfo"), lines.toString());
        return Cgroups.detect(top.resolve("mountinfo"), "parent");
    }

    private Cgroups hybrid() throws IOException {
        Files.createDirectories(top.resolve("unified"));
        Files.writeString(top.resolve("unified/cgroup.controllers"), "hugetlb\n");
        return detect(
                "unified cgroup2,nsdelegate /",
                "systemd xattr,name=systemd /",
                "memory memory /",
                "cpu,cpuacct cpu,cpuacct /",
                "pids pids /",
                "cpuset cpuset /",
                "freezer freezer /");
    }

    private Cgroups unified(String controllers) throws IOException {
        files("v2/parent/c", "memory.max", "memory.swap.max", "cpu.max", "pids.max", "cgroup.procs");
        files("v2", "cgroup.subtree_control");
        files("v2/parent", "cgroup.subtree_control");
        Files.writeString(top.resolve("v2/cgroup.controllers"), controllers);
        Files.writeString(top.resolve("v2/parent/cgroup.controllers"), controllers);
        return detect("v2 cgroup2,nsdelegate /");
    }

    private void v1Files() throws IOException {
        files("memory/parent/c", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "cgroup.procs");
        files("cpu,cpuacct/parent/c", "cpu.cfs_period_us", "cpu.cfs_quota_us");
        files("pids/parent/c", "pids.max");
        files("cpuset/parent", "cpuset.cpus", "cpuset.mems");
        files("cpuset/parent/c", "cpuset.cpus", "cpuset.mems");
        Files.writeString(top.resolve("cpuset/parent/cpuset.cpus"), "0-3\n");
        Files.writeString(top.resolve("cpuset/parent/cpuset.mems"), "0\n");
    }

    @Test
    void mountsAreReadWithTheirControllers() throws IOException {
        hybrid();

        assertThat(CgroupMount.read(top.resolve("mountinfo")))
                .containsExactly(
                        new CgroupMount(top.resolve("unified"), "cgroup2", List.of()),
                        new CgroupMount(top.resolve("systemd"), "cgroup", List.of()),
                        new CgroupMount(top.resolve("memory"), "cgroup", List.of("memory")),
                        new CgroupMount(top.resolve("cpu,cpuacct"), "cgroup", List.of("cpu", "cpuacct")),
                        new CgroupMount(top.resolve("pids"), "cgroup", List.of("pids")),
                        new CgroupMount(top.resolve("cpuset"), "cgroup", List.of("cpuset")),
                        new CgroupMount(top.resolve("freezer"), "cgroup", List.of()));
    }

    @Test
    void hybridHostIsVersion1() throws IOException {
        Cgroups cgroups = hybrid();

        assertThat(cgroups.version()).isEqualTo(1);
        assertThat(cgroups.visible())
                .extracting(CgroupMount::options)
                .containsExactly("memory", "cpu,cpuacct", "pids", "cpuset");
        assertThat(cgroups.entrances("c"))
                .containsExactly(
                        top.resolve("memory/parent/c/tasks"),
                        top.resolve("cpu,cpuacct/parent/c/tasks"),
                        top.resolve("pids/parent/c/tasks"),
                        top.resolve("cpuset/parent/c/tasks"));
    }

    @Test
    void version1WritesEachLimitInItsHierarchy() throws IOException {
        v1Files();
        hybrid().create("c", LIMITS);

        assertThat(content("memory/parent/c/memory.limit_in_bytes")).isEqualTo("536870912");
        assertThat(content("memory/parent/c/memory.memsw.limit_in_bytes")).isEqualTo("536870912");
        assertThat(content("cpu,cpuacct/parent/c/cpu.cfs_period_us")).isEqualTo("100000");
        assertThat(content("cpu,cpuacct/parent/c/cpu.cfs_quota_us")).isEqualTo("150000");
        assertThat(content("pids/parent/c/pids.max")).isEqualTo("77");
        assertThat(content("cpuset/parent/c/cpuset.cpus")).isEqualTo("0-3");
        assertThat(content("cpuset/parent/c/cpuset.mems")).isEqualTo("0");
    }

    @Test
    void version1LeavesWhatIsNotLimitedAlone() throws IOException {
        v1Files();
        Files.writeString(top.resolve("cpuset/parent/cpuset.cpus"), "1\n");
        hybrid().create("c", NONE);

        assertThat(content("memory/parent/c/memory.limit_in_bytes")).isEmpty();
        assertThat(content("cpu,cpuacct/parent/c/cpu.cfs_quota_us")).isEmpty();
        assertThat(content("pids/parent/c/pids.max")).isEqualTo("4096");
        assertThat(content("cpuset/parent/c/cpuset.cpus")).isEqualTo("1");
    }

    @Test
    void unifiedHostWithTheControllersIsVersion2() throws IOException {
        Cgroups cgroups = unified("cpuset cpu io memory hugetlb pids\n");

        assertThat(cgroups.version()).isEqualTo(2);
        assertThat(cgroups.entrances("c")).containsExactly(top.resolve("v2/parent/c/cgroup.procs"));
        assertThat(cgroups.visible()).hasSize(1);
    }

    @Test
    void version2WritesEveryLimitInTheGroup() throws IOException {
        unified("cpuset cpu io memory hugetlb pids\n").create("c", LIMITS);

        assertThat(content("v2/parent/c/memory.max")).isEqualTo("536870912");
        assertThat(content("v2/parent/c/memory.swap.max")).isEqualTo("0");
        assertThat(content("v2/parent/c/cpu.max")).isEqualTo("150000 100000");
        assertThat(content("v2/parent/c/pids.max")).isEqualTo("77");
    }

    @Test
    void version2LeavesWhatIsNotLimitedAlone() throws IOException {
        unified("cpu memory pids\n").create("c", NONE);

        assertThat(content("v2/parent/c/memory.max")).isEmpty();
        assertThat(content("v2/parent/c/cpu.max")).isEmpty();
        assertThat(content("v2/parent/c/pids.max")).isEqualTo("4096");
    }

    /** A directory made here stays without the files that the kernel would put there, which is where these starts end. */
    @Test
    void firstGroupMakesTheParentAndDelegatesWhatItDoesNotHaveYet() throws IOException {
        Cgroups cgroups = unified("cpuset cpu io memory hugetlb pids\n");
        try (var files = Files.walk(top.resolve("v2/parent"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> cgroups.create("c", NONE));

        assertThat(refusal.message()).contains("\"" + top.resolve("v2/parent/c/pids.max") + "\"");
        assertThat(content("v2/cgroup.subtree_control")).isEqualTo("+cpu +cpuset +memory +pids");
        assertThat(top.resolve("v2/parent/c")).isEmptyDirectory();

        Files.delete(top.resolve("v2/parent/c"));
        Files.delete(top.resolve("v2/parent"));
        Files.writeString(top.resolve("v2/cgroup.subtree_control"), "memory cpuset\n");
        assertThatThrownBy(() -> cgroups.create("c", NONE)).isInstanceOf(BrockerException.Host.class);
        assertThat(content("v2/cgroup.subtree_control")).startsWith("+cpu +pids");
    }

    @Test
    void hostWithoutAControllerIsRefused() throws IOException {
        for (String[] mounts : new String[][] {
            {}, {"memory memory /", "pids pids /"}, {"memory memory /", "cpu cpu /", "pids pids /elsewhere"}
        }) {
            BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> detect(mounts));
            assertThat(refusal.code()).isEqualTo("no-cgroups");
        }
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> unified("cpu memory\n"));
        assertThat(refusal.message()).isEqualTo("the host offers no control groups with memory, cpu and pids");
    }

    @Test
    void groupsAreListedAndDeleted() throws IOException {
        Cgroups cgroups = hybrid();
        assertThat(cgroups.names()).isEmpty();
        files("memory/parent/b");
        files("pids/parent/a");
        files("memory/parent/c", "cgroup.procs");
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
        v1Files();
        Files.delete(top.resolve("pids/parent/c/pids.max"));
        Cgroups cgroups = hybrid();
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> cgroups.create("c", LIMITS));

        assertThat(refusal.message())
                .startsWith("writing \"77\" to \"" + top.resolve("pids/parent/c/pids.max") + "\": ");
    }
}
