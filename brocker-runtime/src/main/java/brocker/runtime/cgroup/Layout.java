package brocker.runtime.cgroup;

import java.nio.file.Path;
import java.util.List;

/** Where the groups of a version lie. */
sealed interface Layout permits CgroupV1, CgroupV2 {
    /** 1 or 2. */
    int version();

    /** What is mounted so that a container sees its own group. */
    List<CgroupMount> visible();

    /** Makes the group above all containers', or completes one that an earlier daemon began. */
    void makeTop();

    /** The group above all containers'. */
    Group top();

    /**
     * Makes a container's group.
     *
     * @return false when the group above it does not exist
     */
    boolean make(String name);

    /** A container's group, whether it exists or not. */
    Group group(String name);

    /** The directories of the group above all containers', one a hierarchy. */
    List<Path> tops();

    /** The devices that all containers may use. */
    Devices devices();

    /** Puts a container of an earlier daemon into the groups that the earlier daemon did not know. */
    void complete(String name);

    /** The file into which a process writes {@code 0} to enter a group. */
    String entrance();
}
