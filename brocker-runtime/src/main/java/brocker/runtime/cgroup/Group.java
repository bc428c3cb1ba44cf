package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The controllers of one group, wherever they lie. */
record Group(Memory memory, Cpu cpu, Pids pids, Optional<Cpuset> cpuset, Optional<BlockIo> blockIo) {
    /** Sets every limit that is present, or none: where the kernel refuses one, the others are as they were. */
    void limit(Limits limits) {
        List<Setting> settings = new ArrayList<>(memory.settings(limits));
        settings.addAll(cpu.settings(limits));
        settings.addAll(pids.settings(limits));
        cpuset.ifPresent(set -> settings.addAll(set.settings(limits)));
        Setting.writeAll(settings);
    }

    /**
     * Refuses a cpuset that there is nobody to hold.
     *
     * @throws BrockerException.Invalid naming it
     */
    void requireCpuset(Limits limits) {
        limits.cpuset().filter(_ -> cpuset.isEmpty()).ifPresent(list -> {
            throw new BrockerException.Invalid(
                    "beyond-host",
                    "cpuset \"" + list + "\": the control groups of this host have no cpuset controller",
                    "limit the share with \"cpus\" instead");
        });
    }

    Usage usage() {
        return new Usage(
                memory.used(),
                cpu.used(),
                pids.used(),
                blockIo.map(io -> OptionalLong.of(io.read())).orElse(OptionalLong.empty()),
                blockIo.map(io -> OptionalLong.of(io.written())).orElse(OptionalLong.empty()));
    }
}
