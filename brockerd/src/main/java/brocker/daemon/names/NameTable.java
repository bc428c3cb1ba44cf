package brocker.daemon.names;

import brocker.spec.Cidr;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which services there are, and where. Thread-safe. */
final class NameTable {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * One service's place.
     *
     * @param network of its containers
     * @param proxy the address in it that others reach
     */
    record Entry(Cidr network, int proxy) {}

    /** Replaces what was there under this name. */
    void put(String service, Entry entry) {
        entries.put(service, entry);
    }

    void remove(String service) {
        entries.remove(service);
    }

    /** Where a service is reached. */
    Optional<Integer> address(String service) {
        return Optional.ofNullable(entries.get(service)).map(Entry::proxy);
    }

    /** The service that is reached at an address. */
    Optional<String> service(int address) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().proxy() == address)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether an address is on one of our bridges. */
    boolean covers(int address) {
        return entries.values().stream().anyMatch(entry -> entry.network().contains(address));
    }
}
