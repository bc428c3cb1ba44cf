package brocker.daemon.orchestrator;

import brocker.daemon.record.BrokenContainer;
import brocker.spec.ContainerName;
import brocker.spec.wire.ContainerView;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** The containers of one service that are broken. Changed by the service's mailbox alone; read by everybody. */
final class BrokenContainers {
    private final Parts parts;
    private final ConcurrentNavigableMap<ContainerName, BrokenContainer> byName = new ConcurrentSkipListMap<>();

    BrokenContainers(Parts parts, Collection<BrokenContainer> found) {
        this.parts = parts;
        found.forEach(container -> byName.put(container.name(), container));
    }

    Optional<BrokenContainer> find(ContainerName name) {
        return Optional.ofNullable(byName.get(name));
    }

    Set<ContainerName> names() {
        return byName.keySet();
    }

    /** Those that may be in use. */
    Set<Integer> addresses() {
        return byName.values().stream()
                .filter(BrokenContainer::alive)
                .map(BrokenContainer::address)
                .collect(Collectors.toSet());
    }

    /** @param all those that have ended as well */
    List<ContainerView> views(boolean all) {
        return byName.values().stream()
                .filter(container -> all || container.alive())
                .map(BrokenContainer::view)
                .toList();
    }

    /** It has been found again after all. */
    void drop(ContainerName name) {
        byName.remove(name);
    }

    /** Kills whatever runs of one, and removes everything that is known of it. */
    void remove(BrokenContainer container) {
        parts.runtime().killRest(container.name());
        parts.runtime()
                .release(container.name(), container.veth() > 0 ? Optional.of(container.hostEnd()) : Optional.empty());
        parts.files().forget(container.name(), container.service());
        parts.store().remove(container);
        byName.remove(container.name());
        parts.faults().forget(container.name());
        if (container.veth() > 0) {
            parts.veths().release(container.veth());
        }
    }

    void removeAll() {
        List.copyOf(byName.values()).forEach(this::remove);
    }
}
