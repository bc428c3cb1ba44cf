package brocker.daemon.store;

import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.daemon.record.StoredService;
import brocker.kernel.ProcessIdentity;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.json.Salvage;
import brocker.spec.wire.RevisionState;
import brocker.spec.wire.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows as records, and of those that another version wrote or that are damaged as much as it can: a fault of one row is never
 * another's. Thread-safe.
 */
final class Rows {
    private static final String SERVICES = "SELECT rowid, * FROM services";
    private static final String CONTAINERS = "SELECT * FROM containers";

    /** What names of links and of IFNAMSIZ leave for a number. */
    private static final int HIGHEST_BRIDGE = 99_999_999;

    private static final int HIGHEST_VETH = 999_999_999;
    private static final Cidr NOWHERE = Cidr.parse("0.0.0.0/32");

    private final Database database;

    /** What rows are called in the tables whose names are none, by what they are called here. */
    private final Map<ServiceName, String> serviceKeys = new ConcurrentHashMap<>();

    private final Map<ContainerName, String> containerKeys = new ConcurrentHashMap<>();

    Rows(Database database) {
        this.database = database;
    }

    Stored all() {
        List<ContainerRecord> intact = new ArrayList<>();
        List<BrokenContainer> broken = new ArrayList<>();
        Map<String, ServiceName> names = new HashMap<>();
        List<StoredService> services = database.query(SERVICES + " ORDER BY created", row -> service(row, names));
        for (Container container : database.query(CONTAINERS, row -> container(row, names))) {
            switch (container) {
                case Container.Intact(ContainerRecord record) -> intact.add(record);
                case Container.Broken(BrokenContainer remains) -> broken.add(remains);
            }
        }
        intact.sort(Comparator.comparing(ContainerRecord::created));
        List<StoredService> all = services.stream()
                .map(this::withRevisions)
                .map(service -> withoutProxy(service, broken))
                .toList();
        boolean nameless = broken.stream().anyMatch(container -> containerKeys.containsKey(container.name()));
        return new Stored(all, intact, broken, nameless);
    }

    Optional<StoredService> find(ServiceName name) {
        return database.query(SERVICES + " WHERE name = ?", row -> service(row, new HashMap<>()), key(name)).stream()
                .findFirst()
                .map(this::withRevisions);
    }

    /** Empty where there is none that can be read. */
    Optional<ContainerRecord> find(ContainerName name) {
        return database.query(CONTAINERS + " WHERE name = ?", row -> container(row, Map.of()), name.value()).stream()
                .findFirst()
                .flatMap(found -> found instanceof Container.Intact(ContainerRecord record)
                        ? Optional.of(record)
                        : Optional.empty());
    }

    /** Those of one service that can be read, in the order of their creation. */
    List<ContainerRecord> of(ServiceName service) {
        return database.query(CONTAINERS + " WHERE service = ?", row -> container(row, Map.of()), key(service)).stream()
                .flatMap(found -> found instanceof Container.Intact(ContainerRecord record)
                        ? Optional.of(record).stream()
                        : Optional.<ContainerRecord>empty().stream())
                .sorted(Comparator.comparing(ContainerRecord::created))
                .toList();
    }

    /** What a service's row is called in its table. */
    String key(ServiceName name) {
        return serviceKeys.getOrDefault(name, name.value());
    }

    /** What a container's row is called in its table. */
    String key(ContainerName name) {
        return containerKeys.getOrDefault(name, name.value());
    }

    private StoredService service(ResultSet row, Map<String, ServiceName> names) throws SQLException {
        String key = String.valueOf(row.getString("name"));
        int number = row.getInt("number");
        String spec = row.getString("spec");
        String address = row.getString("address");
        String created = row.getString("created");
        boolean removing = row.getBoolean("removing");
        ServiceName name;
        try {
            name = new ServiceName(key);
        } catch (BrockerException.Invalid _) {
            name = new ServiceName("unreadable-" + row.getLong("rowid"));
            serviceKeys.put(name, key);
        }
        names.put(key, name);
        try {
            ServiceRecord record = new ServiceRecord(
                    Json.read("store", required("spec", spec), ServiceSpec.class),
                    within("number", number, 1, HIGHEST_BRIDGE),
                    Cidr.parse(required("address", address)),
                    Instant.parse(required("created", created)),
                    removing,
                    List.of());
            requireSame(key, record.name().value());
            return new StoredService(record, "", List.of());
        } catch (RuntimeException e) {
            ServiceName known = name;
            ServiceRecord remains = new ServiceRecord(
                    Salvage.read(spec == null ? "" : spec, Map.of("name", known.value()), ServiceSpec.class),
                    number < 1 || number > HIGHEST_BRIDGE ? 0 : number,
                    orElse(() -> Cidr.parse(required("address", address)), NOWHERE),
                    orElse(() -> Instant.parse(required("created", created)), Instant.EPOCH),
                    removing,
                    List.of());
            return new StoredService(remains, reason(e), List.of());
        }
    }

    /** A service can do without an old revision, but not without the one that its replicas are of or are to become. */
    private StoredService withRevisions(StoredService service) {
        List<Revision> revisions = new ArrayList<>();
        List<String> flaws = new ArrayList<>(service.flaws());
        List<String> broken = new ArrayList<>();
        database.query(
                "SELECT * FROM revisions WHERE service = ? ORDER BY number",
                row -> {
                    String state = String.valueOf(row.getString("state"));
                    try {
                        revisions.add(revision(row));
                    } catch (RuntimeException e) {
                        String said = "revision " + row.getInt("number") + " cannot be read: " + reason(e);
                        boolean old = state.equals(RevisionState.SUPERSEDED.name())
                                || state.equals(RevisionState.FAILED.name());
                        (old ? flaws : broken).add(said);
                    }
                    return true;
                },
                key(service.record().name()));
        return new StoredService(
                service.record().withRevisions(revisions),
                service.broken().isEmpty() && !broken.isEmpty() ? broken.getFirst() : service.broken(),
                flaws);
    }

    /** The numbers of a service's revisions that cannot be read. */
    List<Integer> unreadableRevisions(ServiceName service) {
        List<Integer> numbers = new ArrayList<>();
        database.query(
                "SELECT * FROM revisions WHERE service = ?",
                row -> {
                    try {
                        return revision(row).number();
                    } catch (RuntimeException _) {
                        return numbers.add(row.getInt("number"));
                    }
                },
                key(service));
        return numbers;
    }

    /** A proxy has its service's address and sockets, so there can be no other one beside it. */
    private static StoredService withoutProxy(StoredService service, List<BrokenContainer> broken) {
        Optional<BrokenContainer> proxy = broken.stream()
                .filter(container -> container.service().equals(service.record().name()))
                .filter(BrokenContainer::alive)
                .filter(container -> container.role().equals(Optional.of(Role.PROXY))
                        || container.address() == service.record().proxyAddress())
                .findFirst();
        return proxy.isPresent() && service.broken().isEmpty()
                ? new StoredService(
                        service.record(),
                        "its proxy, the container \"" + proxy.get().name().abbreviated() + "\", cannot be read: "
                                + proxy.get().reason(),
                        service.flaws())
                : service;
    }

    private static Revision revision(ResultSet row) throws SQLException {
        return new Revision(
                row.getInt("number"),
                Json.read("store", required("spec", row.getString("spec")), ServiceSpec.class),
                RevisionState.valueOf(required("state", row.getString("state"))),
                Instant.parse(required("created", row.getString("created"))),
                Instant.parse(required("changed", row.getString("changed"))),
                required("reason", row.getString("reason")));
    }

    private sealed interface Container {
        record Intact(ContainerRecord record) implements Container {}

        record Broken(BrokenContainer remains) implements Container {}
    }

    /** @param services by the keys of their rows */
    private Container container(ResultSet row, Map<String, ServiceName> services) throws SQLException {
        String service = String.valueOf(row.getString("service"));
        try {
            return new Container.Intact(intact(row));
        } catch (RuntimeException e) {
            String key = String.valueOf(row.getString("name"));
            String role = String.valueOf(row.getString("role"));
            String created = row.getString("created");
            int veth = row.getInt("veth");
            int address = row.getInt("address");
            return new Container.Broken(new BrokenContainer(
                    name(key),
                    services.getOrDefault(service, new ServiceName("unknown")),
                    orElse(() -> Optional.of(Role.valueOf(role)), Optional.empty()),
                    address,
                    veth < 1 || veth > HIGHEST_VETH ? 0 : veth,
                    row.getString("ended") == null,
                    orElse(() -> Instant.parse(required("created", created)), Instant.EPOCH),
                    reason(e)));
        }
    }

    /** The row's own or, where that is none, one that is made of it and is always the same. */
    private ContainerName name(String key) {
        try {
            return new ContainerName(key);
        } catch (BrockerException.Invalid _) {
            ContainerName called = ContainerName.of(Instant.EPOCH, new Command(List.of(key)));
            containerKeys.put(called, key);
            return called;
        }
    }

    private static ContainerRecord intact(ResultSet row) throws SQLException {
        String started = row.getString("started");
        String ended = row.getString("ended");
        return new ContainerRecord(
                new ContainerName(required("name", row.getString("name"))),
                new ServiceName(required("service", row.getString("service"))),
                Role.valueOf(required("role", row.getString("role"))),
                row.getInt("revision"),
                Json.read("store", required("spec", row.getString("spec")), ContainerSpec.class),
                row.getInt("address"),
                within("veth", row.getInt("veth"), 0, HIGHEST_VETH),
                Instant.parse(required("created", row.getString("created"))),
                started == null
                        ? Optional.empty()
                        : Optional.of(new ContainerRecord.Start(
                                new ProcessIdentity(row.getInt("pid"), row.getLong("start_ticks")),
                                required("boot_id", row.getString("boot_id")),
                                Instant.parse(started))),
                row.getBoolean("ready"),
                ContainerRecord.Asked.valueOf(required("asked", row.getString("asked"))),
                ended == null
                        ? Optional.empty()
                        : Optional.of(new ContainerRecord.End(
                                Instant.parse(ended),
                                row.getInt("code"),
                                Objects.requireNonNullElse(row.getString("reason"), ""),
                                row.getLong("oom_kills"))),
                new ContainerRecord.Restarts(row.getInt("restarts"), row.getInt("restarts_in_row")));
    }

    private static String required(String column, @Nullable String value) {
        if (value == null) {
            throw damaged("its \"" + column + "\" is missing");
        }
        return value;
    }

    private static int within(String column, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw damaged("its \"" + column + "\" is " + value);
        }
        return value;
    }

    private static void requireSame(String key, String name) {
        if (!key.equals(name)) {
            throw damaged("its specification is of \"" + name + "\"");
        }
    }

    private static BrockerException.Invalid damaged(String how) {
        return new BrockerException.Invalid("damaged-row", how, "");
    }

    private static <T> T orElse(Supplier<T> read, T otherwise) {
        try {
            return read.get();
        } catch (RuntimeException _) {
            return otherwise;
        }
    }

    /** In one line, with what is wrong in quotes. */
    private static String reason(RuntimeException e) {
        return e instanceof BrockerException known ? known.message() : "it is damaged: " + e.getMessage();
    }
}
