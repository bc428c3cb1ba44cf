package brocker.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How Brocker finds out whether a container can serve: {@code {"path": "/ready", "interval": "1s", "timeout": "2s", "healthy": 1,
 * "unhealthy": 3, "start-timeout": "60s"}}, which but for the path are the defaults. A status of 200 to 299 counts. Without a path it
 * asks the actuator of a Spring Boot application, and anything else for a connection.
 *
 * @param path cannot be together with {@code tcp}
 * @param tcp whether a connection is enough, whatever the application is
 */
public record Health(
        Optional<String> path,
        boolean tcp,
        Optional<Timespan> interval,
        Optional<Timespan> timeout,
        Optional<Integer> healthy,
        Optional<Integer> unhealthy,
        Optional<Timespan> startTimeout) {
    private static final Duration LONGEST_PROBE = Duration.ofHours(1);
    private static final Duration LONGEST_START = Duration.ofHours(24);

    public static final Health DEFAULT = new Health(
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Health {
        if (path.filter(p -> !p.startsWith("/") || p.chars().anyMatch(c -> c <= ' ' || c >= 127))
                .isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-health",
                            "\"" + path.get() + "\" is not the path of a URL",
                            "begin it with \"/\"; only visible ASCII characters")
                    .at("path");
        }
        if (tcp && path.isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-health",
                            "\"tcp\" and the path \"" + path.get() + "\" are two checks",
                            "write one of them")
                    .at("tcp");
        }
        interval.ifPresent(value -> requireWithin("interval", value, LONGEST_PROBE));
        timeout.ifPresent(value -> requireWithin("timeout", value, LONGEST_PROBE));
        startTimeout.ifPresent(value -> requireWithin("start-timeout", value, LONGEST_START));
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

    private static void requireWithin(String key, Timespan value, Duration most) {
        if (value.positive(key).duration().compareTo(most) > 0) {
            throw new BrockerException.Invalid(
                            "invalid-health",
                            "\"" + value + "\" is too long",
                            "write at most \"" + new Timespan(most) + "\"")
                    .at(key);
        }
    }

    private static void requirePositive(String key, int count) {
        if (count < 1 || count > 100) {
            throw new BrockerException.Invalid("invalid-health", "\"" + count + "\" is not a count", "write 1 to 100")
                    .at(key);
        }
    }
}
