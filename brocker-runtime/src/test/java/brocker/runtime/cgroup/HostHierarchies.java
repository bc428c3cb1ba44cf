package brocker.runtime.cgroup;

import brocker.spec.CpuList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Directories that look like a host's hierarchies; a file that the kernel would have made is made by the test. */
record HostHierarchies(Path top) {
    void files(String group, String... files) throws IOException {
        Files.createDirectories(top.resolve(group));
        for (String file : files) {
            Files.writeString(top.resolve(group).resolve(file), "");
        }
    }

    String content(String file) throws IOException {
        return Files.readString(top.resolve(file));
    }

    Cgroups detect(String... mounts) throws IOException {
        StringBuilder lines = new StringBuilder("22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n");
        for (String mount : mounts) {
            String[] parts = mount.split(" ", 3);
            lines.append("30 24 0:26 ").append(parts[2]).append(' ').append(top.resolve(parts[0]));
            lines.append(" rw,nosuid,nodev shared:9 master:1 - ")
                    .append(parts[1].startsWith("cgroup2") ? "cgroup2" : "cgroup");
            lines.append(" cgroup rw,").append(parts[1]).append('\n');
        }
        Files.writeString(top.resolve("mountinfo"), lines.toString());
        Files.createDirectories(top.resolve("proc/sys/kernel"));
        Files.writeString(top.resolve("proc/meminfo"), "MemTotal:        8388608 kB\nMemFree:          111 kB\n");
        Files.writeString(top.resolve("proc/sys/kernel/pid_max"), "32768\n");
        Files.writeString(top.resolve("proc/sys/kernel/threads-max"), "192730\n");
        return Cgroups.detect(top.resolve("mountinfo"), "parent", top.resolve("proc"), CpuList.parse("0-3"));
    }

    Cgroups hybrid() throws IOException {
        Files.createDirectories(top.resolve("unified"));
        Files.writeString(top.resolve("unified/cgroup.controllers"), "hugetlb\n");
        return detect(
                "unified cgroup2,nsdelegate /",
                "systemd xattr,name=systemd /",
                "memory memory /",
                "cpu,cpuacct cpu,cpuacct /",
                "pids pids /",
                "cpuset cpuset /",
                "blkio blkio /",
                "freezer freezer /");
    }

    void write(String file, String content) throws IOException {
        Files.createDirectories(top.resolve(file).getParent());
        Files.writeString(top.resolve(file), content);
    }

    Cgroups unified(String controllers) throws IOException {
        for (String group : List.of("v2/parent", "v2/parent/c")) {
            files(group, "memory.max", "memory.swap.max", "cpu.max", "pids.max", "cpuset.cpus", "cgroup.procs");
            write(group + "/memory.current", "0\n");
            write(group + "/memory.stat", "anon 0\n");
        }
        files("v2", "cgroup.subtree_control");
        files("v2/parent", "cgroup.subtree_control");
        write("v2/cgroup.controllers", controllers);
        write("v2/parent/cgroup.controllers", controllers);
        return detect("v2 cgroup2,nsdelegate /");
    }

    void v1Files() throws IOException {
        write("cpuset/cpuset.cpus", "0-3\n");
        write("cpuset/cpuset.mems", "0\n");
        write("memory/parent/memory.use_hierarchy", "1\n");
        for (String group : List.of("parent", "parent/c")) {
            files("memory/" + group, "memory.limit_in_bytes", "cgroup.procs");
            write("memory/" + group + "/memory.memsw.limit_in_bytes", "9223372036854771712\n");
            write("memory/" + group + "/memory.usage_in_bytes", "0\n");
            write("memory/" + group + "/memory.stat", "cache 0\n");
            files("cpu,cpuacct/" + group, "cpu.cfs_period_us", "cpu.cfs_quota_us");
            files("pids/" + group, "pids.max");
            files("blkio/" + group);
            files("cpuset/" + group, "cpuset.cpus", "cpuset.mems");
        }
        write("cpuset/parent/cpuset.cpus", "0-3\n");
        write("cpuset/parent/cpuset.mems", "0\n");
    }
}
