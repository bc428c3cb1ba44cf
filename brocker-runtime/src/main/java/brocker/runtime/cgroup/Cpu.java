package brocker.runtime.cgroup;

import brocker.spec.Cpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The processor time of a group; see "CPU" in the kernel's {@code cgroup-v2} documentation, {@code sched-bwc} and
 * {@code cgroup-v1/cpuacct}.
 *
 * @param accounting where it is counted, which in version 1 may be another hierarchy
 */
record Cpu(Path group, Path accounting, int version) {
    /** The period over which the share of the processors is held, in microseconds. */
    private static final long PERIOD = 100_000;

    List<Setting> settings(Limits limits) {
        return limits.cpus().map(this::settings).orElse(List.of());
    }

    private List<Setting> settings(Cpus cpus) {
        String quota = String.valueOf(cpus.quota(PERIOD));
        return version == 2
                ? List.of(new Setting(group.resolve("cpu.max"), quota + " " + PERIOD))
                : List.of(
                        new Setting(group.resolve("cpu.cfs_period_us"), String.valueOf(PERIOD)),
                        new Setting(group.resolve("cpu.cfs_quota_us"), quota));
    }

    /** Shares the processors out with the groups beside this one. */
    void weigh(CpuWeight weight) {
        Path idle = group.resolve("cpu.idle");
        if (Files.exists(idle)) {
            // Who leaves it has the kernel's default weight again.
            GroupFiles.write(idle, weight == CpuWeight.STARTING ? "1" : "0");
        } else if (version == 2) {
            GroupFiles.write(group.resolve("cpu.weight"), String.valueOf(weight.weight()));
        } else {
            GroupFiles.write(group.resolve("cpu.shares"), String.valueOf(weight.shares()));
        }
    }

    /** What the group has run, on all processors together. */
    Duration used() {
        return version == 2
                ? Duration.ofNanos(1000 * GroupFiles.number(accounting.resolve("cpu.stat"), "usage_usec"))
                : Duration.ofNanos(GroupFiles.number(accounting.resolve("cpuacct.usage")));
    }
}
