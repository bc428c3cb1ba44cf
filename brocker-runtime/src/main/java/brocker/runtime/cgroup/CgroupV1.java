package brocker.runtime.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Version 1, pure or hybrid: one group in each of several hierarchies, see the kernel's {@code cgroup-v1} documentation. */
public final class CgroupV1 implements Cgroups {
    private final List<CgroupMount> hierarchies;
    private final String parent;

    private CgroupV1(List<CgroupMount> hierarchies, String parent) {
        this.hierarchies = hierarchies;
        this.parent = parent;
    }

    static Optional<Cgroups> in(List<CgroupMount> mounts, String parent) {
        List<CgroupMount> useful =
                mounts.stream().filter(mount -> !mount.controllers().isEmpty()).toList();
        Set<String> controllers =
                useful.stream().flatMap(mount -> mount.controllers().stream()).collect(Collectors.toSet());
        return controllers.containsAll(Set.of("memory", "cpu", "pids"))
                ? Optional.of(new CgroupV1(useful, parent))
                : Optional.empty();
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public synchronized void prepare() {
        for (CgroupMount hierarchy : hierarchies) {
            Path top = hierarchy.path().resolve(parent);
            GroupFiles.makeDirectory(top);
            if (hierarchy.controllers().contains("cpuset")) {
                inheritCpuset(hierarchy.path(), top);
            }
        }
    }

    @Override
    public void removeParent() {
        hierarchies.forEach(
                hierarchy -> GroupFiles.removeIfEmpty(hierarchy.path().resolve(parent)));
    }

    @Override
    public void create(String name, Limits limits) {
        for (CgroupMount hierarchy : hierarchies) {
            Path group = make(hierarchy, name);
            if (hierarchy.controllers().contains("memory")) {
                limits.memory().ifPresent(memory -> limitMemory(group, memory.bytes()));
            }
            if (hierarchy.controllers().contains("cpu")) {
                limits.cpus().ifPresent(cpus -> {
                    GroupFiles.write(group.resolve("cpu.cfs_period_us"), String.valueOf(Limits.CPU_PERIOD));
                    GroupFiles.write(group.resolve("cpu.cfs_quota_us"), String.valueOf(cpus.quota(Limits.CPU_PERIOD)));
                });
            }
            if (hierarchy.controllers().contains("pids")) {
                GroupFiles.write(group.resolve("pids.max"), String.valueOf(limits.pids()));
            }
        }
    }

    /** {@code tasks}, not {@code cgroup.procs}: a thread that moves itself does not take the kernel's global lock. */
    @Override
    public List<Path> entrances(String name) {
        return groups(name).stream().map(group -> group.resolve("tasks")).toList();
    }

    @Override
    public List<CgroupMount> visible() {
        return hierarchies;
    }

    @Override
    public List<Integer> processes(String name) {
        return GroupFiles.processes(groups(name).getFirst());
    }

    @Override
    public void delete(String name) {
        groups(name).forEach(GroupFiles::removeDirectory);
    }

    @Override
    public List<String> names() {
        Set<String> names = new TreeSet<>();
        hierarchies.forEach(
                hierarchy -> names.addAll(GroupFiles.names(hierarchy.path().resolve(parent))));
        return List.copyOf(names);
    }

    private List<Path> groups(String name) {
        return hierarchies.stream()
                .map(hierarchy -> hierarchy.path().resolve(parent).resolve(name))
                .toList();
    }

    /** The limit of memory and swap together may not be below that of memory alone, so memory comes first. */
    private static void limitMemory(Path group, long bytes) {
        GroupFiles.write(group.resolve("memory.limit_in_bytes"), String.valueOf(bytes));
        Path withSwap = group.resolve("memory.memsw.limit_in_bytes");
        if (Files.exists(withSwap)) {
            GroupFiles.write(withSwap, String.valueOf(bytes));
        }
    }

    private Path make(CgroupMount hierarchy, String name) {
        Path top = hierarchy.path().resolve(parent);
        Path group = top.resolve(name);
        if (!GroupFiles.makeDirectory(group)) {
            prepare();
            GroupFiles.makeDirectory(group);
        }
        if (hierarchy.controllers().contains("cpuset")) {
            inheritCpuset(top, group);
        }
        return group;
    }

    /** A group of the cpuset hierarchy takes no process before it has processors and memory nodes. */
    private static void inheritCpuset(Path from, Path to) {
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            GroupFiles.write(to.resolve(file), GroupFiles.read(from.resolve(file)));
        }
    }
}
