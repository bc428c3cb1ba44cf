package brocker.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.daemon.record.StoredService;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Event;
import brocker.spec.wire.EventType;
import brocker.spec.wire.Role;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;

/** Rows that another version wrote, or that are damaged. */
final class RowsTest {
    private static final Instant CREATED = Instant.parse("2026-11-23T19:25:26.123456789Z");

    private final Path file;

    RowsTest(@TempDir Path directory) {
        this.file = directory.resolve("brocker.db");
    }

    private static ServiceSpec spec(String name, int number) {
        return Json.read(
                "test",
                "{\"name\":\"" + name + "\",\"publish\":[\"127.0.0.1:" + (8000 + number)
                        + "\"],\"container\":{\"command\":[\"/bin/x\"]}}",
                ServiceSpec.class);
    }

    private static ServiceRecord service(String name, int number) {
        return ServiceRecord.added(
                spec(name, number), number, Cidr.parse("10.200." + number + ".1/24"), CREATED.plusSeconds(number));
    }

    private static ContainerRecord container(String service, Role role, int address, int veth) {
        ContainerSpec spec = ContainerSpec.of(new ServiceName(service), Command.parse("/bin/x " + veth));
        return ContainerRecord.intended(
                ContainerName.of(CREATED, spec.command()), role, 1, spec, address, veth, CREATED.plusNanos(veth));
    }

    private final ServiceRecord odd = service("odd", 1);
    private final ServiceRecord sound = service("sound", 2);
    private final ContainerRecord proxy = container("odd", Role.PROXY, odd.proxyAddress(), 1);
    private final ContainerRecord replica = container("odd", Role.REPLICA, odd.proxyAddress() + 1, 2);
    private final ContainerRecord neighbour = container("sound", Role.REPLICA, sound.proxyAddress() + 1, 3);

    @BeforeEach
    void fill() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(odd);
            store.save(sound);
            for (ContainerRecord record : List.of(proxy, replica, neighbour)) {
                store.save(record);
            }
        }
    }

    private void damage(String statement) throws SQLException {
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement opened = connection.createStatement()) {
            assertThat(opened.executeUpdate(statement)).as(statement).isPositive();
        }
    }

    private Stored read() {
        try (SqliteStore store = SqliteStore.open(file)) {
            return store.read();
        }
    }

    /** The neighbours are as they were, and so is the order. */
    private StoredService broken(Stored stored) {
        assertThat(stored.intact()).containsExactly(sound);
        assertThat(stored.containers()).contains(neighbour);
        assertThat(stored.complete()).isFalse();
        return stored.services().stream()
                .filter(service -> !service.broken().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutDamageEverythingIsIntact() {
        Stored stored = read();
        assertThat(stored.complete()).isTrue();
        assertThat(stored.intact()).containsExactly(odd, sound);
        assertThat(stored.containers()).containsExactly(proxy, replica, neighbour);
        assertThat(stored.broken()).isEmpty();
    }

    @Test
    void serviceWithAnUnknownKeyIsBrokenAndKeepsEverythingThatIsKnown() throws Exception {
        damage("UPDATE services SET spec = json_insert(spec, '$.colour', 'red') WHERE name = 'odd'");
        Stored stored = read();
        StoredService service = broken(stored);
        assertThat(service.broken()).contains("unknown key \"colour\"");
        assertThat(service.record()).isEqualTo(odd);
        assertThat(stored.containers()).containsExactly(proxy, replica, neighbour);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "null", "[]", "{\"name\": \"other\"}", "{\"name\": 7}"})
    void serviceWithADamagedSpecificationKeepsBridgeAndAddress(String spec) throws Exception {
        damage("UPDATE services SET spec = '" + spec + "' WHERE name = 'odd'");
        ServiceRecord remains = broken(read()).record();
        assertThat(remains.name()).isEqualTo(new ServiceName("odd"));
        assertThat(remains.bridge()).isEqualTo("brocker1");
        assertThat(remains.address()).isEqualTo(odd.address());
        assertThat(remains.created()).isEqualTo(odd.created());
        assertThat(remains.revisions()).isEqualTo(odd.revisions());
    }

    @Test
    void columnsThatCannotBeReadAreNamed() throws Exception {
        damage("UPDATE services SET number = 123456789 WHERE name = 'odd'");
        StoredService service = broken(read());
        assertThat(service.broken()).isEqualTo("its \"number\" is 123456789");
        assertThat(service.record().number()).isZero();
        damage("UPDATE services SET number = 1, address = '10.200.1' WHERE name = 'odd'");
        service = broken(read());
        assertThat(service.broken()).contains("\"10.200.1\"");
        assertThat(service.record().spec()).isEqualTo(odd.spec());
        damage("UPDATE services SET address = '10.200.1.1/24', created = 'yesterday' WHERE name = 'odd'");
        assertThat(broken(read()).broken()).contains("yesterday");
    }

    @Test
    void serviceWhoseNameIsNoneIsCalledByItsRowAndCanBeRemoved() throws Exception {
        damage("PRAGMA foreign_keys = OFF; UPDATE services SET name = 'Not A Name' WHERE name = 'odd';"
                + " UPDATE containers SET service = 'Not A Name' WHERE service = 'odd'");
        try (SqliteStore store = SqliteStore.open(file)) {
            Stored stored = store.read();
            ServiceName called = broken(stored).record().name();
            assertThat(called.value()).matches("unreadable-\\d+");
            assertThat(stored.broken())
                    .extracting(BrokenContainer::name, BrokenContainer::service)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(proxy.name(), called),
                            org.assertj.core.groups.Tuple.tuple(replica.name(), called));
            store.remove(called);
            assertThat(store.read().services()).hasSize(1);
            assertThat(store.read().broken()).isEmpty();
        }
    }

    @Test
    void oldRevisionThatCannotBeReadIsAFlawAndStaysWhereItIs() throws Exception {
        ServiceRecord deployed = odd.withRevisions(List.of(
                new Revision(1, odd.spec(), brocker.spec.wire.RevisionState.SUPERSEDED, CREATED, CREATED, ""),
                new Revision(2, odd.spec(), brocker.spec.wire.RevisionState.ACTIVE, CREATED, CREATED, "")));
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(deployed);
        }
        damage("UPDATE revisions SET spec = json_insert(spec, '$.colour', 'red') WHERE number = 1");
        try (SqliteStore store = SqliteStore.open(file)) {
            StoredService service = store.read().services().getFirst();
            assertThat(service.broken()).isEmpty();
            assertThat(service.flaws()).singleElement().asString().contains("revision 1", "unknown key \"colour\"");
            assertThat(service.record().revisions()).extracting(r -> r.number()).containsExactly(2);
            store.save(service.record());
            assertThat(store.read().services().getFirst().flaws()).hasSize(1);
        }
        damage("UPDATE revisions SET spec = json_remove(spec, '$.colour') WHERE number = 1");
        assertThat(read().intact()).containsExactly(deployed, sound);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec = '{'", "state = 'SOMETHING'"})
    void revisionInUseThatCannotBeReadBreaksItsService(String change) throws Exception {
        damage("UPDATE revisions SET " + change + " WHERE service = 'odd'");
        assertThat(broken(read()).broken()).startsWith("revision 1 cannot be read: ");
    }

    @Test
    void replicaThatCannotBeReadIsBrokenAloneAndKeepsWhatItHolds() throws Exception {
        damage(
                "UPDATE containers SET spec = json_insert(spec, '$.colour', 1) WHERE role = 'REPLICA' AND service = 'odd'");
        Stored stored = read();
        assertThat(stored.intact()).containsExactly(odd, sound);
        assertThat(stored.containers()).containsExactly(proxy, neighbour);
        BrokenContainer remains = stored.broken().getFirst();
        assertThat(remains.name()).isEqualTo(replica.name());
        assertThat(remains.address()).isEqualTo(replica.address());
        assertThat(remains.veth()).isEqualTo(replica.veth());
        assertThat(remains.alive()).isTrue();
        assertThat(remains.reason()).contains("unknown key \"colour\"");
        try (SqliteStore store = SqliteStore.open(file)) {
            store.remove(remains);
            assertThat(store.read().complete()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"role = 'X'", "created = ''", "veth = -1", "asked = 'X'", "spec = ''", "started = 'now'"})
    void columnsOfAContainerAreItsOwnFault(String change) throws Exception {
        damage("UPDATE containers SET " + change + " WHERE name = '" + replica.name() + "'");
        Stored stored = read();
        assertThat(stored.broken()).extracting(BrokenContainer::name).containsExactly(replica.name());
        assertThat(stored.containers()).containsExactly(proxy, neighbour);
    }

    @Test
    void proxyThatCannotBeReadBreaksItsService() throws Exception {
        damage("UPDATE containers SET spec = '{' WHERE role = 'PROXY'");
        assertThat(broken(read()).broken()).startsWith("its proxy, the container ");
    }

    @Test
    void containerWithoutANameIsCalledByItsRowAndKeepsWhatItHolds() throws Exception {
        damage("UPDATE containers SET name = 'x' WHERE role = 'REPLICA' AND service = 'odd'");
        try (SqliteStore store = SqliteStore.open(file)) {
            Stored stored = store.read();
            assertThat(stored.nameless()).isTrue();
            assertThat(stored.intact()).containsExactly(odd, sound);
            BrokenContainer remains = stored.broken().getFirst();
            assertThat(remains.reason()).contains("\"x\"");
            assertThat(remains.address()).isEqualTo(replica.address());
            assertThat(remains.veth()).isEqualTo(replica.veth());
            store.remove(remains);
            assertThat(store.read().complete()).isTrue();
        }
    }

    @Test
    void brokenServiceCanBeRemovedWithItsContainers() throws Exception {
        damage("UPDATE services SET spec = '{' WHERE name = 'odd'");
        try (SqliteStore store = SqliteStore.open(file)) {
            long before = store.events().newest();
            store.remove(new ServiceName("odd"));
            assertThat(store.read().complete()).isTrue();
            assertThat(store.read().containers()).containsExactly(neighbour);
            assertThat(store.events().after(before, 10))
                    .extracting(Event::type)
                    .containsExactly(
                            EventType.CONTAINER_REMOVED, EventType.CONTAINER_REMOVED, EventType.SERVICE_REMOVED);
        }
    }

    @Test
    void eventsOfAnotherVersionKeepTheirNumbers() throws Exception {
        damage("UPDATE events SET type = 'SERVICE_PAINTED' WHERE sequence = 1");
        damage("UPDATE events SET details = '{\"colour\": 1}' WHERE sequence = 2");
        try (SqliteStore store = SqliteStore.open(file)) {
            List<Event> events = store.events().after(0, 3);
            assertThat(events).extracting(Event::sequence).containsExactly(1L, 2L, 3L);
            assertThat(events.subList(0, 2)).extracting(Event::type).containsOnly(EventType.OTHER);
            assertThat(events.getFirst().service()).isEqualTo(new ServiceName("odd"));
            assertThat(events.getFirst().details().reason().orElse("")).contains("SERVICE_PAINTED");
            assertThat(events.getLast().type()).isNotEqualTo(EventType.OTHER);
        }
    }

    @Test
    void publishedAddressesOfABrokenServiceStayKnown() throws Exception {
        damage("UPDATE services SET spec = json_set(spec, '$.port', 'x') WHERE name = 'odd'");
        assertThat(broken(read()).record().spec().publish()).containsExactly(Publish.parse("127.0.0.1:8001"));
        assertThat(broken(read()).record().revisions()).isEqualTo(odd.revisions());
    }
}
