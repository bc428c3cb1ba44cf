package brocker.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for good: a PID is used again, a PID with its start time is not (within one boot).
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks since boot; see proc_pid_stat(5)
 */
public record ProcessIdentity(int pid, long startTicks) {
    /** Empty where no such process exists; a zombie still has its identity. */
    public static Optional<ProcessIdentity> of(int pid) {
        try {
            byte[] stat = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
            return Optional.of(new ProcessIdentity(pid, startTicks(new String(stat, StandardCharsets.ISO_8859_1))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // The process ended between open(2) and read(2), which is then ESRCH: java.nio gives no number, so look
            // again.
            if (Files.notExists(Path.of("/proc/" + pid))) {
                return Optional.empty();
            }
            throw new UncheckedIOException(e);
        }
    }

    /** The identity of this boot; a {@code startTicks} means nothing under another one. See random(4). */
    public static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The second field, the command, may hold spaces and parentheses: count from the last parenthesis. */
    static long startTicks(String stat) {
        int command = stat.lastIndexOf(')');
        if (command < 0) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: \"" + stat + '"');
        }
        return Long.parseLong(stat.substring(command + 2).split(" ", -1)[22 - 3]);
    }
}
