package brocker.runtime.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Version 2: one group in the unified hierarchy, see the kernel's {@code cgroup-v2} documentation. */
public final class CgroupV2 implements Cgroups {
    private static final Set<String> NEEDED = Set.of("memory", "cpu", "pids");

    private final CgroupMount hierarchy;
    private final String parent;

    private CgroupV2(CgroupMount hierarchy, String parent) {
        this.hierarchy = hierarchy;
        this.parent = parent;
    }

    /** A hybrid host mounts version 2 without controllers, which is of no use: they are looked at, not guessed. */
    static Optional<Cgroups> in(List<CgroupMount> mounts, String parent) {
        return mounts.stream()
                .filter(mount -> mount.type().equals("cgroup2"))
                .filter(mount -> controllers(mount.path(), "cgroup.controllers").containsAll(NEEDED))
                .findFirst()
                .map(mount -> new CgroupV2(mount, parent));
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public synchronized void prepare() {
        Path top = hierarchy.path().resolve(parent);
        delegate(hierarchy.path());
        GroupFiles.makeDirectory(top);
        delegate(top);
    }

    @Override
    public void removeParent() {
        GroupFiles.removeIfEmpty(hierarchy.path().resolve(parent));
    }

    @Override
    public void create(String name, Limits limits) {
        Path group = group(name);
        if (!GroupFiles.makeDirectory(group)) {
            prepare();
            GroupFiles.makeDirectory(group);
        }
        limits.memory().ifPresent(memory -> {
            GroupFiles.write(group.resolve("memory.max"), String.valueOf(memory.bytes()));
            Path swap = group.resolve("memory.swap.max");
            if (Files.exists(swap)) {
                GroupFiles.write(swap, "0");
            }
        });
        limits.cpus()
                .ifPresent(cpus -> GroupFiles.write(
                        group.resolve("cpu.max"), cpus.quota(Limits.CPU_PERIOD) + " " + Limits.CPU_PERIOD));
        GroupFiles.write(group.resolve("pids.max"), String.valueOf(limits.pids()));
    }

    @Override
    public List<Path> entrances(String name) {
        return List.of(group(name).resolve("cgroup.procs"));
    }

    @Override
    public List<CgroupMount> visible() {
        return List.of(hierarchy);
    }

    @Override
    public List<Integer> processes(String name) {
        return GroupFiles.processes(group(name));
    }

    @Override
    public void delete(String name) {
        GroupFiles.removeDirectory(group(name));
    }

    @Override
    public List<String> names() {
        return GroupFiles.names(hierarchy.path().resolve(parent));
    }

    private Path group(String name) {
        return hierarchy.path().resolve(parent).resolve(name);
    }

    /** Lets the children of a group have the controllers, cpuset too where the host offers it. */
    private static void delegate(Path group) {
        Set<String> wanted = new HashSet<>(NEEDED);
        wanted.add("cpuset");
        wanted.retainAll(controllers(group, "cgroup.controllers"));
        wanted.removeAll(controllers(group, "cgroup.subtree_control"));
        if (!wanted.isEmpty()) {
            GroupFiles.write(
                    group.resolve("cgroup.subtree_control"),
                    wanted.stream().sorted().map(name -> "+" + name).collect(Collectors.joining(" ")));
        }
    }

    private static Set<String> controllers(Path group, String file) {
        return Files.exists(group.resolve(file))
                ? Set.copyOf(Arrays.asList(GroupFiles.read(group.resolve(file)).split("\\s+", -1)))
                : Set.of();
    }
}
