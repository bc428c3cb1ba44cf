package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import java.nio.file.Path;
import java.util.List;

/** The control groups of this host's containers, in whichever version the host has. Thread-safe. */
public sealed interface Cgroups permits CgroupV1, CgroupV2 {
    /**
     * Looks what is mounted.
     *
     * @param mounts {@code /proc/self/mountinfo}, see {@code proc_pid_mountinfo(5)}
     * @param parent the name of the group below which all containers' groups lie
     * @throws BrockerException.Host when neither version offers memory, cpu and pids
     */
    static Cgroups detect(Path mounts, String parent) {
        List<CgroupMount> found = CgroupMount.read(mounts);
        return CgroupV2.in(found, parent)
                .<Cgroups>map(v2 -> v2)
                .or(() -> CgroupV1.in(found, parent))
                .orElseThrow(() -> new BrockerException.Host(
                        "no-cgroups",
                        "the host offers no control groups with memory, cpu and pids",
                        "mount them: on a systemd host they are at \"/sys/fs/cgroup\"; in a namespace of your own, keep"
                                + " that mount"));
    }

    /** 1 or 2. */
    int version();

    /** Makes the group above all containers', or completes one that an earlier daemon began. */
    void prepare();

    /** Removes the group above all containers', if there are none in it. */
    void removeParent();

    /** Makes a container's group with its limits. Making one that exists sets its limits anew. */
    void create(String name, Limits limits);

    /** The files into which a process writes {@code 0} to enter the group. */
    List<Path> entrances(String name);

    /** What is mounted so that a container sees its own group. */
    List<CgroupMount> visible();

    /** What has to exist below a container's {@code /sys/fs/cgroup} to mount them on; nothing where it is mounted there itself. */
    default List<String> mountPoints() {
        return version() == 2
                ? List.of()
                : visible().stream().map(CgroupMount::options).toList();
    }

    /** The ids of the processes in a container's group, seen from this process's PID namespace. */
    List<Integer> processes(String name);

    /** Removes a container's group, waiting a moment for its last process to be gone. One that does not exist is no error. */
    void delete(String name);

    /** The groups that exist below the parent. */
    List<String> names();
}
