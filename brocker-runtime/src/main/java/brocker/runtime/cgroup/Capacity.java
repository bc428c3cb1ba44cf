package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.CpuList;
import brocker.spec.Cpus;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What all containers together may have of the host, so that the host itself goes on whatever they do.
 *
 * @param memory all but a reserve of a twentieth, at least 256 MiB, at most a quarter
 * @param pids three quarters of the processes and threads that the kernel can have
 * @param processors those that are online
 */
public record Capacity(ByteSize memory, int pids, CpuList processors) {
    private static final long LEAST_RESERVE = 256L << 20;

    /**
     * Computes it.
     *
     * @param total the host's memory in bytes
     * @param mostPids how many processes and threads the kernel can have
     */
    static Capacity of(long total, long mostPids, CpuList processors) {
        long reserve = Math.min(Math.max(total / 20, LEAST_RESERVE), total / 4);
        // Whole MiB, so that what is said is what the kernel holds.
        long memory = (total - reserve) >> 20 << 20;
        return new Capacity(new ByteSize(memory), Math.toIntExact(mostPids / 4 * 3), processors);
    }

    /**
     * Reads it from {@code proc_meminfo(5)} and {@code proc_sys_kernel(5)}.
     *
     * @param proc {@code /proc}
     */
    static Capacity read(Path proc, CpuList processors) {
        Path kernel = proc.resolve("sys/kernel");
        long mostPids = Math.min(
                GroupFiles.number(kernel.resolve("pid_max")), GroupFiles.number(kernel.resolve("threads-max")));
        return of(GroupFiles.number(proc.resolve("meminfo"), "MemTotal:") << 10, mostPids, processors);
    }

    /** As limits of the group above all containers'. */
    Limits limits() {
        return new Limits(Optional.of(memory), Optional.empty(), pids, Optional.empty());
    }

    /**
     * Refuses a limit that would not limit, because all containers together have no more.
     *
     * @throws BrockerException.Invalid naming the limit
     */
    void require(Limits limits) {
        limits.memory().filter(size -> size.bytes() > memory.bytes()).ifPresent(size -> {
            throw tooMuch("memory", size, memory + " of memory");
        });
        int count = processors.numbers().size();
        limits.cpus()
                .map(Cpus::number)
                .filter(number -> number.compareTo(BigDecimal.valueOf(count)) > 0)
                .ifPresent(number -> {
                    throw tooMuch("cpus", number, count + (count == 1 ? " processor" : " processors"));
                });
        // The default may be above on a small host; the group above all containers' holds then.
        if (limits.pids() > Math.max(pids, Limits.DEFAULT_PIDS)) {
            throw tooMuch("pids", limits.pids(), pids + " processes and threads");
        }
        limits.cpuset()
                .map(list -> list.without(processors))
                .filter(missing -> !missing.isEmpty())
                .ifPresent(missing -> {
                    throw new BrockerException.Invalid(
                            "beyond-host",
                            "cpuset \"" + limits.cpuset().orElseThrow() + "\": this host has no processor "
                                    + missing.getFirst(),
                            "it has \"" + processors + "\"");
                });
    }

    private static BrockerException.Invalid tooMuch(String key, Object wanted, String present) {
        return new BrockerException.Invalid(
                "beyond-host",
                key + " \"" + wanted + "\" is more than the " + present + " that containers may have on this host",
                "write less, or leave it out");
    }
}
