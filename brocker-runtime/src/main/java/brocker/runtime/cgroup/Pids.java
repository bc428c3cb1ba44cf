package brocker.runtime.cgroup;

import java.nio.file.Path;
import java.util.List;

/** The processes and threads of a group; see "PID" in the kernel's {@code cgroup-v2} documentation. Both versions are alike. */
record Pids(Path group) {
    List<Setting> settings(Limits limits) {
        return List.of(new Setting(group.resolve("pids.max"), String.valueOf(limits.pids())));
    }

    int used() {
        return Math.toIntExact(GroupFiles.number(group.resolve("pids.current")));
    }
}
