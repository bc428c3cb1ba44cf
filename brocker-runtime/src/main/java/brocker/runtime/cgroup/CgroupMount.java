package brocker.runtime.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mounted hierarchy.
 *
 * @param type {@code cgroup} or {@code cgroup2}
 * @param controllers what a hierarchy of version 1 was mounted with; empty for version 2
 */
public record CgroupMount(Path path, String type, List<String> controllers) {
    private static final List<String> V1_CONTROLLERS =
            List.of("memory", "cpu", "cpuacct", "cpuset", "pids", "blkio", "devices");

    public CgroupMount {
        controllers = List.copyOf(controllers);
    }

    boolean has(String controller) {
        return controllers.contains(controller);
    }

    /** The mount option that names the hierarchy. */
    public String options() {
        return String.join(",", controllers);
    }

    /** The hierarchies in {@code proc_pid_mountinfo(5)} whose root is mounted. */
    static List<CgroupMount> read(Path mountinfo) {
        List<CgroupMount> mounts = new ArrayList<>();
        for (String line : lines(mountinfo)) {
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ", -1);
            String[] type = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
            boolean cgroup = type.length >= 3 && (type[0].equals("cgroup") || type[0].equals("cgroup2"));
            if (cgroup && fields.length >= 5 && fields[3].equals("/")) {
                List<String> controllers = type[0].equals("cgroup2")
                        ? List.of()
                        : Arrays.stream(type[2].split(","))
                                .filter(V1_CONTROLLERS::contains)
                                .toList();
                mounts.add(new CgroupMount(Path.of(fields[4]), type[0], controllers));
            }
        }
        return mounts;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
