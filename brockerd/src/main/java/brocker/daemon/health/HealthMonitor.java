package brocker.daemon.health;

import brocker.spec.Health;
import brocker.spec.wire.HealthState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Watches one container for as long as it lives, on a virtual thread: often while it starts, so that it is joined within a moment of its
 * port answering, and at the interval of its health check afterwards.
 */
public final class HealthMonitor implements Probes.Watch {
    private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_START_PAUSE = Duration.ofMillis(250);

    private final Health health;
    private final HealthProbe probe;
    private final HealthProbe.SocketSource sockets;
    private final Consumer<Report> listener;
    private final boolean healthyBefore;
    private final Duration age;
    private final Thread thread;

    /**
     * How a container is.
     *
     * @param reason why it is not healthy, empty when it is
     */
    public record Report(HealthState state, String reason) {
        public static Report first(boolean healthyBefore) {
            return new Report(healthyBefore ? HealthState.HEALTHY : HealthState.STARTING, "");
        }
    }

    /**
     * Starts watching.
     *
     * @param healthyBefore whether it was found healthy already, by an earlier daemon
     * @param age how long the container has run; one that an earlier daemon started is first looked at within a pause, since a daemon
     *     that finds many has other things to do first
     * @param listener told of every change; runs on this monitor's thread
     */
    public HealthMonitor(
            String name,
            Health health,
            HealthProbe probe,
            HealthProbe.SocketSource sockets,
            boolean healthyBefore,
            Duration age,
            Consumer<Report> listener) {
        this.healthyBefore = healthyBefore;
        this.age = age;
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
        Duration pause = healthyBefore ? health.intervalOrDefault() : startPause();
        Report told = Report.first(healthyBefore);
        if (pause.compareTo(FIRST_PAUSE) > 0 && !rest(randomPartOf(pause))) {
            return;
        }
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
            if (!rest(pause)) {
                return;
            }
        }
    }

    /** Whether it may go on. */
    private static boolean rest(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private static Duration randomPartOf(Duration pause) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()));
    }

    /** As seldom as by now, had it been watched from its start. */
    private Duration startPause() {
        Duration pause = FIRST_PAUSE;
        for (Duration watched = pause;
                watched.compareTo(age) < 0 && longer(pause).compareTo(pause) > 0; ) {
            pause = longer(pause);
            watched = watched.plus(pause);
        }
        return pause;
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
        Duration interval = health.intervalOrDefault();
        Duration most = interval.compareTo(LONGEST_START_PAUSE) < 0 ? interval : LONGEST_START_PAUSE;
        return next.compareTo(most) > 0 ? most : next;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
