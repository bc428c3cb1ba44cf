package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
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
    /** Controllers by which no program inside sizes itself. */
    private static final Set<String> UNSEEN = Set.of("blkio", "devices");

    /** How often processes are looked for that were forked while others were moved. */
    private static final int ROUNDS = 10;

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

    @Override
    public List<CgroupMount> visible() {
        return hierarchies.stream()
                .filter(hierarchy -> !UNSEEN.containsAll(hierarchy.controllers()))
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
            if (!make(hierarchy, name)) {
                return false;
            }
        }
        return true;
    }

    private boolean make(CgroupMount hierarchy, String name) {
        Path top = hierarchy.path().resolve(parent);
        Path group = top.resolve(name);
        if (!GroupFiles.makeDirectory(group)) {
            return false;
        }
        if (hierarchy.has("cpuset")) {
            new Cpuset(group).inherit(new Cpuset(top));
        }
        return true;
    }

    @Override
    public void complete(String name) {
        Path known = directory("pids", parent + "/" + name).orElseThrow();
        for (CgroupMount hierarchy : hierarchies) {
            Path group = hierarchy.path().resolve(parent).resolve(name);
            if (!group.equals(known)) {
                // Made once more, it would lose the processors that the container was given.
                if (!Files.isDirectory(group)) {
                    make(hierarchy, name);
                }
                moveAll(known, group);
            }
        }
    }

    private static void moveAll(Path from, Path to) {
        for (int round = 1; GroupFiles.move(from, to) > 0; round++) {
            if (round == ROUNDS) {
                throw new BrockerException.Host(
                        "cgroup-failed", "processes are forked faster than they can be moved into \"" + to + "\"", "");
            }
        }
    }

    @Override
    public Devices devices() {
        return directory("devices", parent)
                .<Devices>map(Devices.Controller::new)
                .orElseGet(Devices.Absent::new);
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
