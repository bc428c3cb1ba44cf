package brocker.daemon.health;

import brocker.spec.Artifact;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Probes over the network of the service.
 *
 * @param isActuator whether an artifact is a Spring Boot application with the actuator
 */
public record NetworkProbes(Predicate<Artifact> isActuator) implements Probes {
    @Override
    public Watch watch(Subject subject, HealthProbe.SocketSource sockets, Consumer<HealthMonitor.Report> listener) {
        HealthCheck check = HealthCheck.of(subject.health(), subject.artifacts(), isActuator);
        return new HealthMonitor(
                subject.name(),
                subject.health(),
                new HealthProbe(check, subject.health().timeoutOrDefault(), subject.address()),
                sockets,
                subject.healthyBefore(),
                subject.age(),
                listener);
    }

    @Override
    public Finding connect(InetSocketAddress address, Duration timeout, HealthProbe.SocketSource sockets) {
        return new HealthProbe(new HealthCheck.Connect(), timeout, address).find(sockets);
    }
}
