package brocker.daemon.scenario;

import brocker.daemon.allocation.IngressSockets;
import brocker.daemon.fault.Faults;
import brocker.daemon.file.Artifacts;
import brocker.daemon.orchestrator.Orchestrator;
import brocker.daemon.port.Names;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.ContainerView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An orchestrator with a fake host, a fake proxy and a store in memory. */
final class Brocker implements AutoCloseable {
    private static final int API_PORT = 3000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final FakeHost host = new FakeHost();
    private final FakeProxy proxy = new FakeProxy();
    private final MemoryStore store = new MemoryStore();
    private final Path directory;
    private Orchestrator orchestrator;

    /** @param directory in which nothing is written */
    Brocker(Path directory) {
        this.directory = directory;
        this.orchestrator = start();
    }

    private Orchestrator start() {
        Orchestrator next = new Orchestrator(
                host.ports(),
                host,
                store,
                proxy,
                new NoNames(),
                new Faults(store),
                new Artifacts(directory.resolve("artifacts")),
                IngressSockets.in(directory));
        next.recover(API_PORT);
        return next;
    }

    /** The daemon ends, and another one starts on the same host. */
    void restart() {
        orchestrator.close();
        orchestrator = start();
    }

    FakeHost host() {
        return host;
    }

    MemoryStore store() {
        return store;
    }

    Orchestrator daemon() {
        return orchestrator;
    }

    void add(String service) {
        orchestrator.addService(Json.read("service.json", service, ServiceSpec.class));
    }

    ContainerName run(String container) {
        return orchestrator
                .run(Json.read("container.json", container, ContainerSpec.class))
                .name();
    }

    ContainerView view(ContainerName name) {
        return orchestrator.container(name.value());
    }

    /** Stops a container as a user does, and returns when the daemon has answered. */
    ContainerView stop(ContainerName name) {
        return orchestrator.stop(name.value(), Optional.empty());
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("timed out waiting until " + what);
            }
            Thread.sleep(PAUSE);
        }
    }

    @Override
    public void close() {
        orchestrator.close();
    }

    private record NoNames() implements Names {
        @Override
        public void add(ServiceRecord service) {
            // Nobody asks.
        }

        @Override
        public void remove(ServiceRecord service) {
            // Nobody asks.
        }

        @Override
        public void know(ServiceRecord service) {
            // Nobody asks.
        }
    }
}
