package brocker.daemon.health;

import brocker.spec.Artifact;
import brocker.spec.Health;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Finds out whether containers can serve. Thread-safe. */
public interface Probes {
    /**
     * A container that is to be watched.
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

    /** What goes on until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Begins to watch.
     *
     * @param listener is told of every change, on a thread of the watch
     */
    Watch watch(Subject subject, HealthProbe.SocketSource sockets, Consumer<HealthMonitor.Report> listener);

    /** Whether connections are accepted at an address now. */
    Finding connect(InetSocketAddress address, Duration timeout, HealthProbe.SocketSource sockets);
}
