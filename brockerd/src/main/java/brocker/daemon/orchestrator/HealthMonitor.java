package brocker.daemon.orchestrator;

import brocker.spec.Health;
import brocker.spec.wire.HealthState;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Watches one container for as long as it lives, on a virtual thread: often while it starts, so that it is joined within a moment of its
 * port answering, and at the interval of its health check afterwards.
 */
final class HealthMonitor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private final Health health;
    private final HealthProbe probe;
    private final HealthProbe.SocketSource sockets;
    private final Consumer<Report> listener;
    private final boolean healthyBefore;
    private final Thread thread;

    /**
     * How a container is.
     *
     * @param reason why it is not healthy, empty when it is
     */
    record Report(HealthState state, String reason) {
        static Report first(boolean healthyBefore) {
            return new Report(healthyBefore ? HealthState.HEALTHY : HealthState.STARTING, "");
        }
    }

    /**
     * Starts watching.
     *
     * @param healthyBefore whether it was found healthy already, by an earlier daemon
     * @param listener told of every change; runs on this monitor's thread
     */
    HealthMonitor(
            String name,
            Health health,
            HealthProbe probe,
            HealthProbe.SocketSource sockets,
            boolean healthyBefore,
            Consumer<Report> listener) {
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
        Report told = Report.first(healthyBefore);
        while (!Thread.currentThread().isInterrupted()) {
            Finding finding = look();
            if (Thread.currentThread().isInterrupted()) {
                // What was seen may come of that.
                return;
            }
            inRow = switch (finding) {
                case Finding.Good() -> healthy ? 0 : inRow + 1;
                case Finding.Bad _ -> healthy ? inRow + 1 : 0;
                case Finding.Unknown _ -> inRow;
            };
            if (inRow >= (healthy ? health.failures() : health.successes())) {
                healthy = !healthy;
                everHealthy |= healthy;
                inRow = 0;
            }
            Report now = healthy ? new Report(HealthState.HEALTHY, "") : notHealthy(finding, everHealthy);
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

    private static Report notHealthy(Finding finding, boolean everHealthy) {
        return switch (finding) {
            case Finding.Good() ->
                new Report(everHealthy ? HealthState.UNHEALTHY : HealthState.PROBING, "not healthy yet");
            case Finding.Bad(String seen, boolean listens) ->
                new Report(
                        everHealthy ? HealthState.UNHEALTHY : listens ? HealthState.PROBING : HealthState.STARTING,
                        seen);
            case Finding.Unknown(String why) ->
                new Report(everHealthy ? HealthState.UNHEALTHY : HealthState.STARTING, why);
        };
    }

    private Finding look() {
        try {
            return probe.find(sockets);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, Thread.currentThread().getName() + ": " + e);
            return new Finding.Unknown(String.valueOf(e.getMessage()));
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
