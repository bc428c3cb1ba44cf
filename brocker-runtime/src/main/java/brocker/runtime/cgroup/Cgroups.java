package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import brocker.spec.CpuList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The control groups of this host's containers, in whichever version the host has: one a container, below one that holds what all
 * together may have. Thread-safe.
 */
public final class Cgroups {
    private static final System.Logger LOG = System.getLogger(Cgroups.class.getName());

    private final Layout layout;
    private final Capacity capacity;

    private Cgroups(Layout layout, Capacity capacity) {
        this.layout = layout;
        this.capacity = capacity;
    }

    /**
     * Looks what is mounted.
     *
     * @param mounts {@code /proc/self/mountinfo}, see {@code proc_pid_mountinfo(5)}
     * @param parent the name of the group below which all containers' groups lie
     * @throws BrockerException.Host when neither version offers memory, cpu and pids
     */
    public static Cgroups detect(Path mounts, String parent) {
        Path online = Path.of("/sys/devices/system/cpu/online");
        return detect(mounts, parent, Path.of("/proc"), CpuList.parse(GroupFiles.read(online)));
    }

    /**
     * The directory in which the group above all containers' lies; on a host of version 1, that of the memory controller. Nothing is made.
     *
     * @throws BrockerException.Host when neither version offers memory, cpu and pids
     */
    public static Path home(String parent) {
        Path top = detect(Path.of("/proc/self/mountinfo"), parent)
                .layout
                .top()
                .memory()
                .group();
        return Objects.requireNonNull(top.getParent());
    }

    /** On a host that is described elsewhere, see {@link Capacity#read}. */
    static Cgroups detect(Path mounts, String parent, Path proc, CpuList online) {
        List<CgroupMount> found = CgroupMount.read(mounts);
        Layout layout = CgroupV2.in(found, parent)
                .<Layout>map(v2 -> v2)
                .or(() -> CgroupV1.in(found, parent))
                .orElseThrow(() -> new BrockerException.Host(
                        "no-cgroups",
                        "the host offers no control groups with memory, cpu and pids",
                        "mount them: on a systemd host they are at \"/sys/fs/cgroup\"; in a namespace of your own, keep"
                                + " that mount"));
        return new Cgroups(layout, Capacity.read(proc, online));
    }

    /** 1 or 2. */
    public int version() {
        return layout.version();
    }

    /** What all containers together may have. */
    public Capacity capacity() {
        return capacity;
    }

    /** Makes the group above all containers' and limits all together, or completes what an earlier daemon began. */
    public synchronized void prepare() {
        layout.makeTop();
        restrictDevices();
        Group top = layout.top();
        try {
            top.memory().requireRoom(capacity.memory());
            top.limit(capacity.limits());
        } catch (BrockerException.Conflict e) {
            // Those that run are worth more than the limit, for which version 2 would kill.
            LOG.log(System.Logger.Level.WARNING, "all containers together: " + e.message());
            top.limit(new Limits(Optional.empty(), Optional.empty(), capacity.pids(), Optional.empty()));
        }
    }

    private void restrictDevices() {
        try {
            layout.devices().restrict();
        } catch (BrockerException.Host e) {
            // Containers without CAP_MKNOD in the host's user namespace have no other device anyway; those with it are
            // refused.
            LOG.log(System.Logger.Level.WARNING, "devices of containers are not restricted: " + e.message());
        }
    }

    /**
     * Checks that the kernel refuses containers all devices but the standard ones.
     *
     * @throws BrockerException.CannotStart if it does not
     */
    public void requireDevicesRestricted() {
        if (!layout.devices().isRestricted()) {
            throw new BrockerException.CannotStart(
                    "devices-not-restricted",
                    "cannot add \"MKNOD\": the kernel would let the container use every device of the host",
                    "see \"devices\" in the output of: brockerd check");
        }
    }

    /**
     * Checks that this host can restrict devices.
     *
     * @throws BrockerException.Host with the reason
     */
    public void requireDeviceControl() {
        layout.devices().require();
    }

    /**
     * Puts a container of an earlier daemon into the groups that the earlier daemon did not know.
     *
     * @throws BrockerException.Host when the kernel refuses
     */
    public void complete(String name) {
        layout.complete(name);
    }

    /** Removes the group above all containers', if there are none in it. */
    public void removeParent() {
        layout.tops().forEach(GroupFiles::removeIfEmpty);
    }

    /**
     * Refuses limits that this host cannot hold, before anything is made.
     *
     * @throws BrockerException.Invalid naming the first of them
     */
    public void require(Limits limits) {
        capacity.require(limits);
        layout.top().requireCpuset(limits);
    }

    /** Makes a container's group with its limits. Making one that exists sets its limits anew. */
    public void create(String name, Limits limits) {
        if (!layout.make(name)) {
            prepare();
            layout.make(name);
        }
        layout.group(name).limit(limits);
    }

    /**
     * Changes the limits of a container that runs: all that are present, or none.
     *
     * @throws BrockerException.Conflict when it uses more memory already
     */
    public void update(String name, Limits limits) {
        Group group = layout.group(name);
        limits.memory().ifPresent(group.memory()::requireRoom);
        group.limit(limits);
    }

    /** How a container shares the processors with the others. */
    public void weigh(String name, CpuWeight weight) {
        layout.group(name).cpu().weigh(weight);
    }

    /** The files into which a process writes {@code 0} to enter the group. */
    public List<Path> entrances(String name) {
        return directories(name).stream()
                .map(group -> group.resolve(layout.entrance()))
                .toList();
    }

    /** What is mounted so that a container sees its own group. */
    public List<CgroupMount> visible() {
        return layout.visible();
    }

    /** What has to exist below a container's {@code /sys/fs/cgroup} to mount them on; nothing where it is mounted there itself. */
    public List<String> mountPoints() {
        return version() == 2
                ? List.of()
                : visible().stream().map(CgroupMount::options).toList();
    }

    /** The ids of the processes in a container's group, seen from this process's PID namespace. */
    public List<Integer> processes(String name) {
        return GroupFiles.processes(directories(name).getFirst());
    }

    /** What a container takes of the host; empty when it is gone. */
    public Optional<Usage> usage(String name) {
        return whileThere(name, Group::usage);
    }

    /** How many processes of a container the kernel has killed for lack of memory; 0 when it is gone. */
    public long oomKills(String name) {
        return whileThere(name, group -> group.memory().oomKills()).orElse(0L);
    }

    /** The file in which the kernel counts the processes that it killed for lack of memory, in a line {@code oom_kill N}. */
    public Path oomEvents(String name) {
        return layout.group(name).memory().events();
    }

    /** Removes a container's group, waiting a moment for its last process to be gone. One that does not exist is no error. */
    public void delete(String name) {
        directories(name).forEach(GroupFiles::removeDirectory);
    }

    /** Removes a container's group, with groups that were made in it, as far as it can be done without waiting. Gives whether it is gone. */
    public boolean deleteAtOnce(String name) {
        return directories(name).stream()
                .filter(group -> !GroupFiles.removeAtOnce(group))
                .toList()
                .isEmpty();
    }

    /**
     * The same.
     *
     * @throws BrockerException.Host naming what is left, and why
     */
    public void requireDeleted(String name) {
        directories(name).forEach(GroupFiles::requireRemoved);
    }

    /** The groups that exist below the parent. */
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        layout.tops().forEach(top -> names.addAll(GroupFiles.names(top)));
        return List.copyOf(names);
    }

    private List<Path> directories(String name) {
        return layout.tops().stream().map(top -> top.resolve(name)).toList();
    }

    private <T> Optional<T> whileThere(String name, Function<Group, T> look) {
        Group group = layout.group(name);
        try {
            return Optional.of(look.apply(group));
        } catch (BrockerException.Host e) {
            if (Files.exists(group.memory().group())) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
