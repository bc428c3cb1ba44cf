package brocker.spec;

import java.util.Optional;

/**
 * How much of the host a container may take: {@code {"memory": "512m", "cpus": 1.5, "cpuset": "0-1", "pids": 512}}. As a change, what is
 * absent stays as it is.
 *
 * @param pids the number of processes and threads
 */
public record ContainerLimits(
        Optional<ByteSize> memory, Optional<Cpus> cpus, Optional<CpuList> cpuset, Optional<Integer> pids) {
    public static final ContainerLimits NONE =
            new ContainerLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final ByteSize LEAST_MEMORY = ByteSize.parse("4m");
    private static final int LEAST_PIDS = 2;
    private static final int MOST_PIDS = 4_194_304;

    public ContainerLimits {
        memory.filter(size -> size.bytes() < LEAST_MEMORY.bytes()).ifPresent(size -> {
            throw new BrockerException.Invalid(
                            "invalid-memory",
                            "\"" + size + "\" is too little memory",
                            "write at least \"" + LEAST_MEMORY + "\"")
                    .at("memory");
        });
        pids.filter(count -> count < LEAST_PIDS || count > MOST_PIDS).ifPresent(count -> {
            throw new BrockerException.Invalid(
                            "invalid-pids",
                            "\"" + count + "\" is not a number of processes",
                            "write " + LEAST_PIDS + " to " + MOST_PIDS)
                    .at("pids");
        });
    }

    public boolean changeNothing() {
        return memory.isEmpty() && cpus.isEmpty() && cpuset.isEmpty() && pids.isEmpty();
    }

    /** These, but for those that a change names. */
    public ContainerLimits changedBy(ContainerLimits change) {
        return new ContainerLimits(
                change.memory.or(() -> memory),
                change.cpus.or(() -> cpus),
                change.cpuset.or(() -> cpuset),
                change.pids.or(() -> pids));
    }
}
