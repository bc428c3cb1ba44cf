package brocker.runtime.cgroup;

import java.nio.file.Path;
import java.util.List;

/** The processors that a group may run on; see {@code cpuset(7)}, and "Cpuset" in the kernel's {@code cgroup-v2} documentation. */
record Cpuset(Path group) {
    List<Setting> settings(Limits limits) {
        return limits.cpuset()
                .map(list -> List.of(new Setting(group.resolve("cpuset.cpus"), list.toString())))
                .orElse(List.of());
    }

    /** A group of version 1 takes no process before it has processors and memory nodes; it begins with those of the one above. */
    void inherit(Cpuset above) {
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            GroupFiles.write(group.resolve(file), GroupFiles.read(above.group.resolve(file)));
        }
    }
}
