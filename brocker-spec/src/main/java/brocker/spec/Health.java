package brocker.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How Brocker finds out whether a container can serve: {@code {"path": "/ready", "interval": "1s", "timeout": "2s", "healthy": 1,
 * "unhealthy": 3, "start-timeout": "60s"}}, which but for the path are the defaults. Without a path it connects over TCP; with one, a
 * status of 200 to 299 counts.
 */
public record Health(
        Optional<String> path,
        Optional<Timespan> interval,
        Optional<Timespan> timeout,
        Optional<Integer> healthy,
        Optional<Integer> unhealthy,
        Optional<Timespan> startTimeout) {
    public static final Health DEFAULT = new Health(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Health {
        if (path.filter(p -> !p.startsWith("/") || p.chars().anyMatch(c -> c <= ' ' || c >= 127))
                .isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-health",
                            "\"" + path.get() + "\" is not the path of a URL",
                            "begin it with \"/\"; only visible ASCII characters")
                    .at("path");
        }
        interval.ifPresent(value -> value.positive("interval"));
        timeout.ifPresent(value -> value.positive("timeout"));
        startTimeout.ifPresent(value -> value.positive("start-timeout"));
        healthy.ifPresent(count -> requirePositive("healthy", count));
        unhealthy.ifPresent(count -> requirePositive("unhealthy", count));
    }

    public Duration intervalOrDefault() {
        return interval.map(Timespan::duration).orElse(Duration.ofSeconds(1));
    }

    public Duration timeoutOrDefault() {
        return timeout.map(Timespan::duration).orElse(Duration.ofSeconds(2));
    }

    public Duration startTimeoutOrDefault() {
        return startTimeout.map(Timespan::duration).orElse(Duration.ofSeconds(60));
    }

    /** Successes in a row after which a container is healthy. */
    public int successes() {
        return healthy.orElse(1);
    }

    /** Failures in a row after which a container is unhealthy. */
    public int failures() {
        return unhealthy.orElse(3);
    }

    private static void requirePositive(String key, int count) {
        if (count < 1 || count > 100) {
            throw new BrockerException.Invalid("invalid-health", "\"" + count + "\" is not a count", "write 1 to 100")
                    .at(key);
        }
    }
}
