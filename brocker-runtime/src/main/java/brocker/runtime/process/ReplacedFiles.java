package brocker.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files whose code a process executes (its program, its libraries, what it has loaded) and that are other files by now where the
 * process sees them, as after an upgrade of their package. What a process has mapped is asked of {@code /proc/PID/map_files}
 * (proc_pid_map_files(5), CAP_SYS_ADMIN), as {@code maps} shows numbers of devices and inodes that differ from those of stat(2) on overlays
 * and btrfs.
 */
public final class ReplacedFiles {
    private static final Pattern EXECUTABLE = Pattern.compile("([0-9a-f]+-[0-9a-f]+) ..x. \\S+ \\S+ \\d+ +(/.*)");
    private static final String DELETED = " (deleted)";
    private static final String GONE = "gone";

    private ReplacedFiles() {}

    /**
     * Finds them.
     *
     * @return by path, what identifies the file that is there now, {@code gone} where none is; empty also when the process is gone
     */
    public static SortedMap<String, String> of(int pid) {
        SortedMap<String, String> mapped = new TreeMap<>();
        Path proc = Path.of("/proc/" + pid);
        try {
            for (String line : Files.readAllLines(proc.resolve("maps"), StandardCharsets.ISO_8859_1)) {
                Matcher matcher = EXECUTABLE.matcher(line);
                if (matcher.matches()) {
                    String path = matcher.group(2);
                    mapped.putIfAbsent(
                            path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path,
                            matcher.group(1));
                }
            }
        } catch (IOException _) {
            // It has ended.
            return new TreeMap<>();
        }
        SortedMap<String, String> replaced = new TreeMap<>();
        for (Map.Entry<String, String> file : mapped.entrySet()) {
            String running = identity(proc.resolve("map_files").resolve(range(file.getValue())));
            String present = identity(Path.of(proc + "/root" + file.getKey()));
            // What cannot be asked has been unmapped, or the process has ended.
            if (!running.equals(GONE) && !running.equals(present)) {
                replaced.put(file.getKey(), present);
            }
        }
        return replaced;
    }

    /** {@code map_files} writes numbers without the leading zeros that {@code maps} has. */
    private static String range(String padded) {
        String[] ends = padded.split("-", 2);
        return Long.toHexString(Long.parseUnsignedLong(ends[0], 16)) + "-"
                + Long.toHexString(Long.parseUnsignedLong(ends[1], 16));
    }

    /** As the process keeps its file, the number of its inode is no other's meanwhile. */
    private static String identity(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
            return attributes.get("dev") + ":" + attributes.get("ino");
        } catch (IOException _) {
            return GONE;
        }
    }
}
