package brocker.runtime.cgroup;

import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The memory of a group; see "Memory" in the kernel's {@code cgroup-v2} and {@code cgroup-v1/memory} documentation. */
record Memory(Path group, int version) {
    /** Swap is held to the same: none on top of the memory. */
    List<Setting> settings(Limits limits) {
        List<Setting> settings = new ArrayList<>();
        limits.memory().ifPresent(memory -> {
            String bytes = String.valueOf(memory.bytes());
            settings.add(new Setting(limit(), bytes));
            Path swap = group.resolve(version == 2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
            // Without swap in the kernel there is nothing to hold.
            if (Files.exists(swap)) {
                // Of version 1 it is memory and swap together, which may at no time be below memory alone.
                boolean first = version == 1 && GroupFiles.number(swap) < memory.bytes();
                settings.add(first ? 0 : 1, new Setting(swap, version == 2 ? "0" : bytes));
            }
        });
        return settings;
    }

    /**
     * Refuses a limit that the group is above already. The kernel would do it too in version 1, but in version 2 kill for it.
     *
     * @throws BrockerException.Conflict when even without what can be read from its files again the group uses more
     */
    void requireRoom(ByteSize limit) {
        String prefix = version == 2 ? "" : "total_";
        Path stat = group.resolve("memory.stat");
        long cache =
                GroupFiles.number(stat, prefix + "inactive_file") + GroupFiles.number(stat, prefix + "active_file");
        long needed = GroupFiles.number(current()) - cache;
        if (needed > limit.bytes()) {
            throw new BrockerException.Conflict(
                    "memory-in-use",
                    "cannot limit memory to \"" + limit + "\": " + (needed >> 20) + "m are in use",
                    "write more, or end some of what runs inside");
        }
    }

    /** What is in use, without file content that was not read again and would be given up first; in bytes. */
    long used() {
        long inactive =
                GroupFiles.number(group.resolve("memory.stat"), version == 2 ? "inactive_file" : "total_inactive_file");
        return Math.max(0, GroupFiles.number(current()) - inactive);
    }

    /** How many processes of the group the kernel has killed for lack of memory. */
    long oomKills() {
        return GroupFiles.number(events(), "oom_kill");
    }

    /** The file with a line {@code oom_kill N}. */
    Path events() {
        return group.resolve(version == 2 ? "memory.events" : "memory.oom_control");
    }

    private Path limit() {
        return group.resolve(version == 2 ? "memory.max" : "memory.limit_in_bytes");
    }

    private Path current() {
        return group.resolve(version == 2 ? "memory.current" : "memory.usage_in_bytes");
    }
}
