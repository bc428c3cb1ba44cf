package brocker.daemon;

import brocker.daemon.turn.Waiting;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tells the service manager that the daemon is alive, twice in the time that the manager waits for it; see sd_watchdog_enabled(3). Each
 * time the daemon first answers a request of its own, as a client's: through the Unix socket, on a virtual thread, from the state of all
 * services; and the timer by which services are looked after goes off. While it does not, nothing is told, and in the end the manager
 * kills the daemon and starts another.
 *
 * @param pause between two proofs of life
 */
record Watchdog(Duration pause, ServiceManager manager) {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final byte[] REQUEST = "GET /api/v1/health HTTP/1.1\r\nHost: brockerd\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final String ANSWER = "HTTP/1.1 200 ";

    /** The one that the environment asks this process for. */
    static Optional<Watchdog> of(Map<String, String> environment, ServiceManager manager) {
        String pid = String.valueOf(ProcessHandle.current().pid());
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        // The manager writes nothing but digits.
        if (!micros.matches("\\d{1,15}")
                || !environment.getOrDefault("WATCHDOG_PID", pid).equals(pid)) {
            return Optional.empty();
        }
        Duration limit = Duration.of(Long.parseLong(micros), java.time.temporal.ChronoUnit.MICROS);
        return Optional.of(new Watchdog(limit.dividedBy(2), manager));
    }

    /** Looks after the daemon behind a socket until the process ends. */
    void start(Path socket) {
        Thread.ofPlatform().name("watchdog").daemon().start(() -> watch(socket));
    }

    private void watch(Path socket) {
        try {
            while (true) {
                if (answers(socket) && timerGoesOff()) {
                    manager.alive();
                    Thread.sleep(pause);
                } else {
                    Thread.sleep(pause.dividedBy(10));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the answer as long as it takes: the manager's patience is the limit. */
    static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer request = ByteBuffer.wrap(REQUEST);
            while (request.hasRemaining()) {
                channel.write(request);
            }
            ByteBuffer answer = ByteBuffer.allocate(ANSWER.length());
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                // Until its first line is known.
            }
            return new String(answer.array(), StandardCharsets.US_ASCII).equals(ANSWER);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the daemon does not answer itself: " + e.getMessage());
            return false;
        }
    }

    private static boolean timerGoesOff() {
        return Waiting.on(new CompletableFuture<Boolean>().completeOnTimeout(true, 1, TimeUnit.MILLISECONDS));
    }
}
