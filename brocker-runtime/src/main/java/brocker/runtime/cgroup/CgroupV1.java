package brocker.runtime.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Version 1, pure or hybrid: one group in each of several hierarchies, see the kernel's {@code cgroup-v1} documentation. */
final class CgroupV1 implements Layout {
    private static final int VERSION = 1;
    private static final Set<String> NEEDED = Set.of("memory", "cpu", "cpuacct", "pids");

    private final List<CgroupMount> hierarchies;
    private final String parent;

    private CgroupV1(List<CgroupMount> hierarchies, String parent) {
        this.hierarchies = hierarchies;
        this.parent = parent;
    }

    static Optional<CgroupV1> in(List<CgroupMount> mounts, String parent) {
        List<CgroupMount> useful =
                mounts.stream().filter(mount -> !mount.controllers().isEmpty()).toList();
        Set<String> controllers =
                useful.stream().flatMap(mount -> mount.controllers().stream()).collect(Collectors.toSet());
        return controllers.containsAll(NEEDED) ? Optional.of(new CgroupV1(useful, parent)) : Optional.empty();
    }

    @Override
    public int version() {
        return VERSION;
    }

    /** Without {@code blkio}: nothing inside sizes itself by it. */
    @Override
    public List<CgroupMount> visible() {
        return hierarchies.stream()
                .filter(hierarchy -> !hierarchy.controllers().equals(List.of("blkio")))
                .toList();
    }

    @Override
    public void makeTop() {
        for (CgroupMount hierarchy : hierarchies) {
            Path top = hierarchy.path().resolve(parent);
            GroupFiles.makeDirectory(top);
            if (hierarchy.has("cpuset")) {
                new Cpuset(top).inherit(new Cpuset(hierarchy.path()));
            }
            if (hierarchy.has("memory")) {
                holdBelow(top);
            }
        }
    }

    @Override
    public Group top() {
        return at(parent);
    }

    @Override
    public boolean make(String name) {
        for (CgroupMount hierarchy : hierarchies) {
            Path top = hierarchy.path().resolve(parent);
            Path group = top.resolve(name);
            if (!GroupFiles.makeDirectory(group)) {
                return false;
            }
            if (hierarchy.has("cpuset")) {
                new Cpuset(group).inherit(new Cpuset(top));
            }
        }
        return true;
    }

    @Override
    public Group group(String name) {
        return at(parent + "/" + name);
    }

    @Override
    public List<Path> tops() {
        return hierarchies.stream()
                .map(hierarchy -> hierarchy.path().resolve(parent))
                .toList();
    }

    /** {@code tasks}, not {@code cgroup.procs}: a thread that moves itself does not take the kernel's global lock. */
    @Override
    public String entrance() {
        return "tasks";
    }

    private Group at(String path) {
        return new Group(
                new Memory(directory("memory", path).orElseThrow(), VERSION),
                new Cpu(
                        directory("cpu", path).orElseThrow(),
                        directory("cpuacct", path).orElseThrow(),
                        VERSION),
                new Pids(directory("pids", path).orElseThrow()),
                directory("cpuset", path).map(group -> new Cpuset(group)),
                directory("blkio", path).map(group -> new BlockIo(group, VERSION)));
    }

    private Optional<Path> directory(String controller, String path) {
        return hierarchies.stream()
                .filter(hierarchy -> hierarchy.has(controller))
                .findFirst()
                .map(hierarchy -> hierarchy.path().resolve(path));
    }

    /** Before Linux 5.11 a group holds what is below it only where this says so, and says it to those made afterwards. */
    private static void holdBelow(Path group) {
        Path file = group.resolve("memory.use_hierarchy");
        if (Files.exists(file) && GroupFiles.number(file) == 0) {
            GroupFiles.write(file, "1");
        }
    }
}
