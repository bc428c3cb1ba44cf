package brocker.daemon.record;

import java.util.List;

/**
 * Everything that the store holds. What cannot be read of one row costs nobody else anything.
 *
 * @param services in the order of their creation
 * @param containers those that can be read, the ended ones too, in the order of their creation
 * @param broken containers that cannot be read
 * @param nameless whether the name of one of these is made up, as not even that can be read
 */
public record Stored(
        List<StoredService> services,
        List<ContainerRecord> containers,
        List<BrokenContainer> broken,
        boolean nameless) {
    public Stored {
        services = List.copyOf(services);
        containers = List.copyOf(containers);
        broken = List.copyOf(broken);
    }

    /** Whether nothing is broken or missing. */
    public boolean complete() {
        return broken.isEmpty()
                && !nameless
                && services.stream()
                        .allMatch(service ->
                                service.broken().isEmpty() && service.flaws().isEmpty());
    }

    /** The services that can be read. */
    public List<ServiceRecord> intact() {
        return services.stream()
                .filter(service -> service.broken().isEmpty())
                .map(StoredService::record)
                .toList();
    }
}
