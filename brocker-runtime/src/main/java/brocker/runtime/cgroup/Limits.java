package brocker.runtime.cgroup;

import brocker.spec.ByteSize;
import brocker.spec.Cpus;
import java.util.Optional;

/**
 * How much of the host a container may take. What is absent is not limited.
 *
 * @param pids the number of processes and threads
 */
public record Limits(Optional<ByteSize> memory, Optional<Cpus> cpus, int pids) {
    /** What a container may have where nothing is written. */
    public static final int DEFAULT_PIDS = 4096;

    /** The period over which the share of the processors is held, in microseconds. */
    static final long CPU_PERIOD = 100_000;
}
