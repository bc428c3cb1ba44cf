package brocker.runtime.process;

import brocker.kernel.Fd;
import brocker.kernel.FileStatus;
import brocker.kernel.KernelException;
import brocker.kernel.Linux;
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
    private static final String GONE = "gone";

    private ReplacedFiles() {}

    /**
     * Finds them.
     *
     * @return by path, what identifies the file that is there now, {@code gone} where none is; empty also when the process is gone
     */
    public static SortedMap<String, String> of(int pid) {
        Path proc = Path.of("/proc/" + pid);
        SortedMap<String, String> replaced = new TreeMap<>();
        try (Fd root = Linux.open(proc + "/root", Linux.O_PATH | Linux.O_DIRECTORY, 0)) {
            for (Map.Entry<String, String> file : ranges(proc).entrySet()) {
                String running = mapped(proc, file.getValue());
                String present = present(root, file.getKey());
                if (!running.equals(GONE) && !running.equals(present)) {
                    replaced.put(file.getKey(), present);
                }
            }
        } catch (KernelException | IOException _) {
            // It has ended.
            return new TreeMap<>();
        }
        return replaced;
    }

    /** The first executable mapping of each file, by path. */
    private static SortedMap<String, String> ranges(Path proc) throws IOException {
        SortedMap<String, String> ranges = new TreeMap<>();
        for (String line : Files.readAllLines(proc.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            Matcher matcher = EXECUTABLE.matcher(line);
            if (matcher.matches()) {
                String path = matcher.group(2);
                ranges.putIfAbsent(
                        path.endsWith(Processes.DELETED)
                                ? path.substring(0, path.length() - Processes.DELETED.length())
                                : path,
                        matcher.group(1));
            }
        }
        return ranges;
    }

    private static String mapped(Path proc, String range) {
        try (Fd file = Linux.open(proc + "/map_files/" + range(range), Linux.O_PATH, 0)) {
            return identity(file);
        } catch (KernelException _) {
            // It has been unmapped, or the process has ended.
            return GONE;
        }
    }

    /** Resolves the path as the process does: its root is where absolute links begin, and nothing leads out of it. */
    private static String present(Fd root, String path) {
        try (Fd file = Linux.openat2(root, path, Linux.O_PATH, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS)) {
            return identity(file);
        } catch (KernelException _) {
            // It has been removed.
            return GONE;
        }
    }

    /** {@code map_files} writes numbers without the leading zeros that {@code maps} has. */
    private static String range(String padded) {
        String[] ends = padded.split("-", 2);
        return Long.toHexString(Long.parseUnsignedLong(ends[0], 16)) + "-"
                + Long.toHexString(Long.parseUnsignedLong(ends[1], 16));
    }

    /** As the process keeps its file, the number of its inode is no other's meanwhile. */
    private static String identity(Fd file) {
        FileStatus status = Linux.status(file);
        return status.device() + ":" + status.inode();
    }
}
