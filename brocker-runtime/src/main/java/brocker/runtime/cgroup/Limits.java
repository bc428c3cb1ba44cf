package brocker.runtime.cgroup;

import brocker.spec.ByteSize;
import brocker.spec.ContainerLimits;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import java.util.Optional;

/**
 * How much of the host a group may take. What is absent is limited by the group above alone.
 *
 * @param pids the number of processes and threads
 * @param cpuset the processors it may run on
 */
public record Limits(Optional<ByteSize> memory, Optional<Cpus> cpus, int pids, Optional<CpuList> cpuset) {
    /** What a container may have where nothing is written. */
    public static final int DEFAULT_PIDS = 4096;

    /** Those of a container for which nothing is written. */
    public static final Limits DEFAULT = new Limits(Optional.empty(), Optional.empty(), DEFAULT_PIDS, Optional.empty());

    public static Limits of(ContainerLimits written) {
        return new Limits(written.memory(), written.cpus(), written.pids().orElse(DEFAULT_PIDS), written.cpuset());
    }
}
