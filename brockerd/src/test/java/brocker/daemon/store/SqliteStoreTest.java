package brocker.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.ProcessIdentity;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

final class SqliteStoreTest {
    private static final Instant CREATED = Instant.parse("2026-11-23T19:25:26.123456789Z");

    private final Path file;

    SqliteStoreTest(@TempDir Path directory) {
        this.file = directory.resolve("brocker.db");
    }

    private static ServiceRecord service(String name, int number) {
        ServiceSpec spec = Json.read(
                "test",
                "{\"name\":\"" + name + "\",\"publish\":[\"127.0.0.1:" + (8000 + number) + "\"],\"replicas\":2,"
                        + "\"health\":{\"path\":\"/ready\"},\"container\":{\"command\":[\"a b\"]}}",
                ServiceSpec.class);
        return ServiceRecord.added(spec, number, Cidr.parse("10.200." + number + ".1/24"), CREATED.plusSeconds(number));
    }

    private static ContainerRecord container(String service, int address, int veth) {
        ContainerSpec spec =
                ContainerSpec.of(new ServiceName(service), Command.parse("/bin/x " + address + " " + veth));
        Instant created = CREATED.plusNanos(1000L * veth);
        return ContainerRecord.intended(
                ContainerName.of(created, spec.command()), Role.APPLICATION, 0, spec, address, veth, created);
    }

    private static ContainerRecord random(Random random, int veth) {
        ContainerRecord record = container("shop", random.nextInt(), veth);
        ContainerRecord other = new ContainerRecord(
                record.name(),
                record.service(),
                record.role(),
                random.nextInt(100),
                record.spec(),
                record.address(),
                veth,
                record.created(),
                Optional.empty(),
                random.nextBoolean(),
                List.of(ContainerRecord.Asked.values()).get(random.nextInt(3)),
                Optional.empty(),
                new ContainerRecord.Restarts(random.nextInt(1000), random.nextInt(1000)));
        if (random.nextBoolean()) {
            ProcessIdentity init = new ProcessIdentity(1 + random.nextInt(4_194_304), random.nextLong() >>> 1);
            other = other.started(new ContainerRecord.Start(init, "boot-" + random.nextInt(), CREATED.plusNanos(7)));
        }
        if (random.nextBoolean()) {
            other = other.ended(new ContainerRecord.End(
                    CREATED.plusSeconds(9), random.nextInt(256), "ü \"'\n; --", random.nextLong() >>> 1));
        }
        return other;
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void assertRefusedAndUntouched(String code) throws Exception {
        byte[] before = Files.readAllBytes(file);
        BrockerException refusal = catchThrowableOfType(BrockerException.Host.class, () -> SqliteStore.open(file));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.message()).contains("\"" + file + "\"");
        assertThat(refusal.hint()).isPresent();
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void everyFieldIsReadAsItWasWrittenAlsoAfterReopening() {
        long seed = Long.getLong("brocker.seed", System.nanoTime());
        System.out.println("everyFieldIsReadAsItWasWritten: -Dbrocker.seed=" + seed);
        Random random = new Random(seed);
        List<ContainerRecord> records = new ArrayList<>();
        List<ServiceRecord> services = List.of(service("shop", 1), service("zoo", 2));
        try (SqliteStore store = SqliteStore.open(file)) {
            services.forEach(store::save);
            for (int i = 1; i <= 100; i++) {
                ContainerRecord record = random(random, i);
                records.add(record);
                if (random.nextBoolean()) {
                    store.intend(ContainerRecord.intended(
                            record.name(),
                            record.role(),
                            record.revision(),
                            record.spec(),
                            record.address(),
                            i,
                            record.created()));
                }
                if (random.nextBoolean()) {
                    store.save(record);
                } else {
                    store.intend(record);
                }
            }
            assertSame(store, services, records);
        }
        try (SqliteStore store = SqliteStore.open(file)) {
            assertSame(store, services, records);
        }
    }

    private static void assertSame(SqliteStore store, List<ServiceRecord> services, List<ContainerRecord> records) {
        assertThat(store.read().intact()).isEqualTo(services);
        assertThat(store.read().containers()).isEqualTo(records);
    }

    @Test
    void roleIsKept() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            for (Role role : Role.values()) {
                int number = store.read().containers().size();
                ContainerRecord plain = container("shop", number, number);
                store.save(ContainerRecord.intended(
                        plain.name(), role, 0, plain.spec(), plain.address(), plain.veth(), plain.created()));
            }
            assertThat(store.read().containers())
                    .extracting(ContainerRecord::role)
                    .containsExactly(Role.values());
        }
    }

    @Test
    void containersComeInTheOrderOfTheirCreation() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            Instant second = Instant.parse("2026-11-23T19:25:26Z");
            List<Instant> order = List.of(second.minusNanos(1), second, second.plusMillis(100), second.plusMillis(120));
            for (int i : new int[] {2, 0, 3, 1}) {
                ContainerRecord plain = container("shop", i, i);
                store.save(ContainerRecord.intended(plain.name(), plain.role(), 0, plain.spec(), i, i, order.get(i)));
            }
            assertThat(store.read().containers())
                    .extracting(ContainerRecord::created)
                    .isEqualTo(order);
        }
    }

    @Test
    void changedServiceKeepsItsContainers() {
        try (SqliteStore store = SqliteStore.open(file)) {
            ServiceRecord service = service("shop", 1);
            store.save(service);
            store.save(container("shop", 3, 1));
            ServiceRecord removing = new ServiceRecord(
                    service.spec(), 1, service.address(), service.created(), true, service.revisions());
            store.save(removing);

            assertThat(store.read().intact()).containsExactly(removing);
            assertThat(store.read().containers()).hasSize(1);
        }
    }

    @Test
    void removedServiceTakesItsContainersAlong() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            store.save(service("zoo", 2));
            store.save(container("shop", 3, 1));
            store.save(container("zoo", 3, 2));
            store.remove(new ServiceName("shop"));

            assertThat(store.read().intact()).containsExactly(service("zoo", 2));
            assertThat(store.read().containers()).containsExactly(container("zoo", 3, 2));
            store.remove(container("zoo", 3, 2).name());
            assertThat(store.read().containers()).isEmpty();
        }
    }

    @Test
    void livingContainersShareNeitherAddressNorVethNumber() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            store.save(service("zoo", 2));
            ContainerRecord first = container("shop", 3, 1);
            store.intend(first);

            assertThatThrownBy(() -> store.intend(container("shop", 3, 2))).isInstanceOf(BrockerException.Host.class);
            assertThatThrownBy(() -> store.intend(container("zoo", 4, 1))).isInstanceOf(BrockerException.Host.class);
            store.intend(container("zoo", 3, 2));
            store.save(first.ended(new ContainerRecord.End(CREATED, 0, "", 0)));
            store.intend(container("shop", 3, 3));
            store.intend(container("zoo", 4, 1));
            assertThat(store.read().containers()).hasSize(4);
        }
    }

    @Test
    void containerOfNoServiceIsRefused() {
        try (SqliteStore store = SqliteStore.open(file)) {
            assertThatThrownBy(() -> store.save(container("shop", 3, 1)))
                    .isInstanceOf(BrockerException.Host.class)
                    .hasMessageContaining("FOREIGN KEY");
        }
    }

    @Test
    void stateOfANewerBrockerIsRefusedAndUntouched() throws Exception {
        execute("PRAGMA user_version = 99");
        assertRefusedAndUntouched("store-newer");
        execute("PRAGMA journal_mode = WAL");
        assertRefusedAndUntouched("store-newer");
    }

    @Test
    void changedLimitsAreKept() {
        ContainerLimits limits = Json.read("test", "{\"memory\":\"96m\",\"cpuset\":\"0\"}", ContainerLimits.class);
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            store.save(container("shop", 5, 5));
            store.save(container("shop", 5, 5).limited(limits));
        }
        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.read().containers())
                    .containsExactly(container("shop", 5, 5).limited(limits));
        }
    }

    @Test
    void fileOfTheFirstSchemaIsBroughtToThePresentOne() throws Exception {
        ContainerRecord.End end = new ContainerRecord.End(CREATED, 3, "", 0);
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            store.save(container("shop", 5, 5).ended(end));
            store.save(container("shop", 6, 6));
        }
        execute("DROP TABLE events");
        execute("DROP TABLE event_log");
        for (String column : List.of("oom_kills", "restarts", "restarts_in_row", "asked")) {
            execute("ALTER TABLE containers DROP COLUMN " + column);
        }
        execute("ALTER TABLE containers ADD COLUMN stopping INTEGER NOT NULL DEFAULT 0");
        execute("UPDATE containers SET stopping = 1 WHERE veth = 6");
        execute("ALTER TABLE containers DROP COLUMN revision");
        execute("DROP TABLE revisions");
        execute("PRAGMA user_version = 1");

        ContainerRecord ended = container("shop", 5, 5).ended(end);
        ContainerRecord stopping = container("shop", 6, 6).asked(ContainerRecord.Asked.STOP);
        for (int i = 0; i < 2; i++) {
            try (SqliteStore store = SqliteStore.open(file)) {
                assertThat(store.read().intact()).containsExactly(service("shop", 1));
                assertThat(store.read().containers()).containsExactly(ended, stopping);
                ended = ended.ended(new ContainerRecord.End(CREATED, 3, "", 1));
                store.save(ended);
            }
        }
    }

    @Test
    void aContainerThatIsStartedAgainMayHaveAnotherAddress() {
        ContainerRecord ended = container("shop", 5, 5).ended(new ContainerRecord.End(CREATED, 3, "", 0));
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
            store.save(ended);
            ContainerRecord moved = new ContainerRecord(
                    ended.name(),
                    ended.service(),
                    ended.role(),
                    ended.revision(),
                    ended.spec(),
                    6,
                    5,
                    ended.created(),
                    Optional.empty(),
                    false,
                    ContainerRecord.Asked.NOTHING,
                    Optional.empty(),
                    new ContainerRecord.Restarts(1, 1));
            store.intend(moved);
            assertThat(store.read().containers()).containsExactly(moved);
        }
    }

    @Test
    void fileOfTheThirdSchemaGetsEvents() throws Exception {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
        }
        execute("DROP TABLE events");
        execute("DROP TABLE event_log");
        execute("DROP TABLE revisions");
        execute("ALTER TABLE containers DROP COLUMN revision");
        execute("PRAGMA user_version = 3");

        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.read().intact()).containsExactly(service("shop", 1));
            assertThat(store.events().newest()).isZero();
            store.save(container("shop", 5, 5));
            assertThat(store.events().newest()).isEqualTo(1);
        }
    }

    @Test
    void fileThatIsNoDatabaseIsRefusedAndUntouched() throws Exception {
        Files.writeString(file, "this is not a database, although it is long enough to be one. ".repeat(100));
        assertRefusedAndUntouched("store-unusable");
    }

    @Test
    void damagedDatabaseIsRefusedAndUntouched() throws Exception {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(service("shop", 1));
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 100; i < bytes.length; i++) {
            bytes[i] = (byte) 0xA5;
        }
        Files.write(file, bytes);
        assertRefusedAndUntouched("store-unusable");
    }

    @Test
    void writeAheadLogOfAKilledDaemonIsUntouchedToo() throws Exception {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        byte[] before;
        byte[] written;
        SqliteStore.open(file).close();
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 999");
            before = Files.readAllBytes(file);
            written = Files.readAllBytes(log);
        }
        assertThat(written).isNotEmpty();
        Files.write(file, before);
        Files.write(log, written);
        assertRefusedAndUntouched("store-newer");
        assertThat(Files.readAllBytes(log)).isEqualTo(written);
    }
}
