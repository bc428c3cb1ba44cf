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
final class CgroupV2 implements Layout {
    private static final int VERSION = 2;
    private static final Set<String> NEEDED = Set.of("memory", "cpu", "pids");
    private static final Set<String> USEFUL = Set.of("cpuset", "io");

    private final CgroupMount hierarchy;
    private final Path top;
    private final Set<String> controllers;

    private CgroupV2(CgroupMount hierarchy, String parent) {
        this.hierarchy = hierarchy;
        this.top = hierarchy.path().resolve(parent);
        this.controllers = controllers(hierarchy.path(), "cgroup.controllers");
    }

    /** A hybrid host mounts version 2 without controllers, which is of no use: they are looked at, not guessed. */
    static Optional<CgroupV2> in(List<CgroupMount> mounts, String parent) {
        return mounts.stream()
                .filter(mount -> mount.type().equals("cgroup2"))
                .filter(mount -> controllers(mount.path(), "cgroup.controllers").containsAll(NEEDED))
                .findFirst()
                .map(mount -> new CgroupV2(mount, parent));
    }

    @Override
    public int version() {
        return VERSION;
    }

    @Override
    public List<CgroupMount> visible() {
        return List.of(hierarchy);
    }

    @Override
    public void makeTop() {
        delegate(hierarchy.path());
        GroupFiles.makeDirectory(top);
        delegate(top);
    }

    @Override
    public Group top() {
        return at(top);
    }

    @Override
    public boolean make(String name) {
        return GroupFiles.makeDirectory(top.resolve(name));
    }

    @Override
    public Group group(String name) {
        return at(top.resolve(name));
    }

    @Override
    public List<Path> tops() {
        return List.of(top);
    }

    @Override
    public Devices devices() {
        return new Devices.Filter(top);
    }

    /** There is one group for everything. */
    @Override
    public void complete(String name) {}

    @Override
    public String entrance() {
        return "cgroup.procs";
    }

    private Group at(Path group) {
        return new Group(
                new Memory(group, VERSION),
                new Cpu(group, group, VERSION),
                new Pids(group),
                controllers.contains("cpuset") ? Optional.of(new Cpuset(group)) : Optional.empty(),
                controllers.contains("io") ? Optional.of(new BlockIo(group, VERSION)) : Optional.empty());
    }

    /** Lets the children of a group have the controllers, the useful ones too where the host offers them. */
    private static void delegate(Path group) {
        Set<String> wanted = new HashSet<>(NEEDED);
        wanted.addAll(USEFUL);
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
