package brocker.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is mounted at a directory and below it, see {@code proc_pid_mountinfo(5)}. */
public final class Submounts {
    private static final Map<String, Long> OPTIONS = Map.of(
            "ro", Linux.MS_RDONLY,
            "nosuid", Linux.MS_NOSUID,
            "nodev", Linux.MS_NODEV,
            "noexec", Linux.MS_NOEXEC,
            "noatime", Linux.MS_NOATIME,
            "nodiratime", Linux.MS_NODIRATIME,
            "relatime", Linux.MS_RELATIME);
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int POINT = 4;
    private static final int MOUNT_OPTIONS = 5;

    private Submounts() {}

    /**
     * Makes restrictions hold for all these mounts, in the mount namespace of the calling thread, which nobody else may change meanwhile.
     * On kernels before 5.12, which lack mount_setattr(2), each mount is remounted by itself.
     *
     * @param directory the root of a mount
     * @param flags MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC
     */
    public static void restrict(Path directory, long flags) {
        try {
            Linux.mount_setattr(directory.toString(), flags);
        } catch (KernelException e) {
            if (!e.errno().equals(Errno.ENOSYS)) {
                throw e;
            }
            restrictEach(directory, flags);
        }
    }

    /** The same without mount_setattr(2). */
    static void restrictEach(Path directory, long flags) {
        reachable(lines(), directory).forEach((point, options) -> remount(point, flags | flagsOf(options)));
    }

    /**
     * The mounts at a directory and below it that a path leads to, with their options. A later one on the same path or above it covers an
     * earlier one.
     *
     * @param mountinfo its lines, each byte as the character of that number; so are the paths
     */
    static Map<String, String> reachable(List<String> mountinfo, Path directory) {
        String top = new String(directory.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        Map<String, String> mounts = new LinkedHashMap<>();
        for (String line : mountinfo) {
            String[] fields = line.split(" ", MOUNT_OPTIONS + 2);
            String point = unescaped(fields[POINT]);
            if (point.equals(top) || isBelow(point, top)) {
                mounts.keySet().removeIf(earlier -> isBelow(earlier, point));
                mounts.put(point, fields[MOUNT_OPTIONS]);
            }
        }
        return mounts;
    }

    private static boolean isBelow(String path, String directory) {
        return path.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    private static String unescaped(String field) {
        return ESCAPED.matcher(field)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(found.group(1), 8))));
    }

    /** What a remount would take away if it did not repeat it. */
    private static long flagsOf(String options) {
        long flags = 0;
        for (String option : options.split(",", -1)) {
            flags |= OPTIONS.getOrDefault(option, 0L);
        }
        return flags;
    }

    private static void remount(String point, long flags) {
        try (Call call = new Call()) {
            var path = call.arena().allocateFrom(point, StandardCharsets.ISO_8859_1);
            long all = Linux.MS_REMOUNT | Linux.MS_BIND | flags;
            var none = call.stringOrNull("");
            call.check(LibC.mount(call, none, path, none, all, none), "mount", point);
        }
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/mountinfo"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
