package brocker.daemon.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What one listener grants its clients.
 *
 * @param strangers how many connections it keeps whose first request has not been accepted yet; one more closes the oldest
 * @param known how many connections it keeps beside those; one more closes the one that has been idle longest, if any is idle
 * @param head how long a stranger may take for the head of its first request, with the TLS handshake
 * @param quiet how long a known client may send nothing where the daemon waits for it: for the rest of a body, or the next request
 */
public record ConnectionLimits(int strangers, int known, Duration head, Duration quiet) {
    private static final int LEAST_STRANGERS = 16;
    private static final int MOST_STRANGERS = 64;
    private static final int LEAST_KNOWN = 32;
    private static final int MOST_KNOWN = 512;

    /** Most descriptors are for containers: the two listeners together take at most three eighths of them. */
    public static ConnectionLimits of(int descriptors) {
        return new ConnectionLimits(
                Math.clamp(descriptors / 16, LEAST_STRANGERS, MOST_STRANGERS),
                Math.clamp(descriptors / 8, LEAST_KNOWN, MOST_KNOWN),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));
    }

    /** Those of this process, whose limit is RLIMIT_NOFILE; see proc_pid_limits(5). */
    public static ConnectionLimits ofThisProcess() {
        try {
            return of(Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).strip().split(" +", -1)[0])
                    .mapToInt(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no \"Max open files\" in /proc/self/limits")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
