package brocker.daemon.health;

import brocker.spec.Artifact;
import brocker.spec.Health;
import java.util.List;
import java.util.function.Predicate;

/** What a container is asked to find out whether it can serve. */
public sealed interface HealthCheck {
    /** Whether it takes a connection. */
    record Connect() implements HealthCheck {}

    /** One path, which has to answer 200 to 299. */
    record Get(String path) implements HealthCheck {}

    /**
     * The actuator of Spring Boot, which nobody had to name: its readiness; where that is not told, its whole health; where that is not
     * told either, a connection. Not told is 404, and 401 and 403, as somebody else than us may be told.
     */
    record Actuator() implements HealthCheck {
        static final List<String> PATHS = List.of("/actuator/health/readiness", "/actuator/health");

        /** Whether the status line of an answer says that a path does not tell us. */
        static boolean untold(String status) {
            return status.matches("HTTP/1\\.[01] (401|403|404)( .*)?");
        }
    }

    /**
     * What is written; where nothing is, what its files give away.
     *
     * @param artifacts of the container
     * @param isActuator looks into one of them
     */
    static HealthCheck of(Health health, List<Artifact> artifacts, Predicate<Artifact> isActuator) {
        if (health.path().isPresent()) {
            return new Get(health.path().get());
        }
        boolean recognised = !health.tcp() && artifacts.stream().anyMatch(isActuator);
        return recognised ? new Actuator() : new Connect();
    }
}
