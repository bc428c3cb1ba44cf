package brocker.runtime.process;

import brocker.kernel.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a command ended, as {@code brocker-run} wrote it.
 *
 * @param code 0 to 255, 128 + n when signal n ended it
 * @param signal 0 when it exited by itself
 * @param lostLines lines of the log that a full disk cost
 * @param oomKills processes of the container that the kernel killed for lack of memory
 */
public record ExitRecord(int code, int signal, Instant started, Instant ended, long lostLines, long oomKills) {
    private static final String FILE = "exit";

    /** In bytes; PID 1 writes no more than a few hundred. */
    private static final int LONGEST = 4096;

    /**
     * Reads the record of a container.
     *
     * @return empty where PID 1 was killed before it could write one
     * @throws IOException when it is damaged, too, or not a regular file
     */
    public static Optional<ExitRecord> read(Path recordDirectory) throws IOException {
        Map<String, Long> values = new HashMap<>();
        Optional<byte[]> record = RegularFile.read(recordDirectory.resolve(FILE), LONGEST);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (String line :
                    new String(record.get(), StandardCharsets.UTF_8).lines().toList()) {
                int space = line.indexOf(' ');
                values.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            }
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new IOException("a damaged exit record: " + e.getMessage(), e);
        }
        return Optional.of(new ExitRecord(
                (int) value(values, "code"),
                (int) value(values, "signal"),
                instant(value(values, "started")),
                instant(value(values, "ended")),
                value(values, "lost-lines"),
                // One that an earlier Brocker started does not count them.
                values.getOrDefault("oom-kills", 0L)));
    }

    private static long value(Map<String, Long> values, String key) throws IOException {
        Long value = values.get(key);
        if (value == null) {
            throw new IOException("an exit record without \"" + key + "\"");
        }
        return value;
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
