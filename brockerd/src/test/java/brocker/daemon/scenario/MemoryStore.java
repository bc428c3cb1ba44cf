package brocker.daemon.scenario;

import brocker.daemon.event.EventDraft;
import brocker.daemon.port.Store;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.daemon.record.StoredService;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store that forgets with the test. */
final class MemoryStore implements Store {
    private final Map<ServiceName, ServiceRecord> services = new ConcurrentSkipListMap<>();
    private final Map<ContainerName, ContainerRecord> containers = new ConcurrentSkipListMap<>();

    /** What is known of a container. */
    Optional<ContainerRecord> container(ContainerName name) {
        return Optional.ofNullable(containers.get(name));
    }

    @Override
    public Stored read() {
        return new Stored(
                services.values().stream()
                        .map(service -> new StoredService(service, "", List.of()))
                        .toList(),
                List.copyOf(containers.values()),
                List.of(),
                /* nameless= */ false);
    }

    @Override
    public void save(ServiceRecord service) {
        services.put(service.name(), service);
    }

    @Override
    public void intend(ContainerRecord container) {
        containers.put(container.name(), container);
    }

    @Override
    public void save(ContainerRecord container) {
        containers.put(container.name(), container);
    }

    @Override
    public void remove(ContainerName container) {
        containers.remove(container);
    }

    @Override
    public void remove(BrokenContainer container) {
        containers.remove(container.name());
    }

    @Override
    public void remove(ServiceName service) {
        services.remove(service);
        containers.values().removeIf(container -> container.service().equals(service));
    }

    @Override
    public void note(EventDraft event) {
        // Nobody asks for events.
    }

    @Override
    public void close() {
        // It outlives the daemon.
    }
}
