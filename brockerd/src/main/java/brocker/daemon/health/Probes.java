package brocker.daemon.health;

import brocker.spec.Artifact;
import brocker.spec.Health;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Checks whether containers can serve. Thread-safe. */
public interface Probes {
    /**
     * A container to watch.
     *
     * @param name for threads and log lines
     * @param address in the network of its service
     * @param healthyBefore whether an earlier daemon has found it healthy
     * @param age how long it has run
     */
    record Subject(
            String name,
            Health health,
            List<Artifact> artifacts,
            InetSocketAddress address,
            boolean healthyBefore,
            Duration age) {
        public Subject {
            artifacts = List.copyOf(artifacts);
        }
    }

    /** A health check that is repeated until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Starts watching a container.
     *
     * @param listener receives every change, on a thread of the watch
     */
    Watch watch(Subject subject, HealthProbe.SocketSource sockets, Consumer<HealthMonitor.Report> listener);

    /** Checks once whether an address accepts connections. */
    Finding connect(InetSocketAddress address, Duration timeout, HealthProbe.SocketSource sockets);
}
