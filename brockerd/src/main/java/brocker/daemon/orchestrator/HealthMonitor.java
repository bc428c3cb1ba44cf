package brocker.daemon.orchestrator;

import brocker.spec.Health;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Watches one container for as long as it lives, on a virtual thread: often while it starts, so that it is joined within a moment of its
 * port answering, and at the interval of its health check afterwards.
 */
final class HealthMonitor implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private final Health health;
    private final HealthProbe probe;
    private final SocketSource sockets;
    private final Consumer<Optional<String>> listener;
    private final boolean healthyBefore;
    private final Thread thread;

    /** Opens sockets in the network of the service. */
    @FunctionalInterface
    interface SocketSource {
        /** An unconnected socket. */
        SocketChannel open() throws IOException;
    }

    /**
     * Starts watching.
     *
     * @param healthyBefore whether it was found healthy already, by an earlier daemon
     * @param listener told of every change: empty when the container can serve, otherwise why not; runs on this monitor's thread
     */
    HealthMonitor(
            String name,
            Health health,
            HealthProbe probe,
            SocketSource sockets,
            boolean healthyBefore,
            Consumer<Optional<String>> listener) {
        this.healthyBefore = healthyBefore;
        this.health = health;
        this.probe = probe;
        this.sockets = sockets;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("health-" + name).start(this::watch);
    }

    private void watch() {
        boolean healthy = healthyBefore;
        boolean everHealthy = healthyBefore;
        int inRow = 0;
        Duration pause = FIRST_PAUSE;
        Optional<String> told = healthy ? Optional.empty() : Optional.of("");
        while (!Thread.currentThread().isInterrupted()) {
            Optional<String> failure = probeOnce();
            boolean agrees = failure.isEmpty() == healthy;
            inRow = agrees ? 0 : inRow + 1;
            if (inRow >= (healthy ? health.failures() : health.successes())) {
                healthy = !healthy;
                everHealthy |= healthy;
                inRow = 0;
            }
            Optional<String> now = healthy ? Optional.empty() : failure.or(() -> Optional.of("not healthy yet"));
            if (!now.equals(told)) {
                told = now;
                listener.accept(now);
            }
            pause = everHealthy ? health.intervalOrDefault() : longer(pause);
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private Optional<String> probeOnce() {
        try {
            return probe.check(sockets.open());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(3).dividedBy(2);
        Duration most =
                Duration.ofMillis(Math.min(250, health.intervalOrDefault().toMillis()));
        return next.compareTo(most) > 0 ? most : next;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
