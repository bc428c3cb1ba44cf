package brocker.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.daemon.event.EventLog;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Event;
import brocker.spec.wire.Role;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

@Timeout(120)
final class EventTableTest {
    private static final Instant CREATED = Instant.parse("2026-11-23T19:25:26.123456789Z");
    private static final ServiceRecord SHOP = new ServiceRecord(
            Json.read("test", "{\"name\":\"shop\"}", ServiceSpec.class),
            1,
            Cidr.parse("10.0.1.1/24"),
            CREATED,
            false,
            List.of());
    private static final int ALL = 100_000;

    private final Path file;

    EventTableTest(@TempDir Path directory) {
        this.file = directory.resolve("brocker.db");
    }

    private static ContainerRecord container(int number) {
        ContainerSpec spec = ContainerSpec.of(new ServiceName("shop"), Command.parse("/bin/x " + number));
        ContainerName name = ContainerName.of(CREATED, spec.command());
        return ContainerRecord.intended(name, Role.APPLICATION, 0, spec, number, number, CREATED.plusNanos(number));
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(List<Event> events) {
        return events.stream()
                .map(event -> event.sequence() + " " + event.type().text())
                .toList();
    }

    @Test
    void everyChangeIsAnEventAndNumbersGoOnAfterReopening() {
        ContainerRecord container = container(5);
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(SHOP);
            store.intend(container);
            store.intend(container.checked(true));
            store.save(container.checked(true));
            assertThat(store.events().newest()).isEqualTo(3);
        }
        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.events().newest()).isEqualTo(3);
            store.save(container.ended(new ContainerRecord.End(CREATED, 3, "", 0)));
            store.remove(SHOP.name());
            store.remove(SHOP.name());
            store.remove(container.name());
            assertThat(texts(store.events().after(0, ALL)))
                    .containsExactly(
                            "1 service.added",
                            "2 container.created",
                            "3 container.ready",
                            "4 container.exited",
                            "5 container.removed",
                            "6 service.removed");
            Event end = store.events().after(3, 1).getFirst();
            assertThat(end.service()).isEqualTo(SHOP.name());
            assertThat(end.container()).contains(container.name());
            assertThat(end.details().exitCode()).contains(3);
            assertThat(end.at()).isAfter(CREATED);
        }
    }

    @Test
    void changeThatIsRefusedIsNoEvent() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(SHOP);
            store.save(container(5));
            ContainerRecord same = container(6);
            ContainerRecord taken =
                    ContainerRecord.intended(same.name(), same.role(), 0, same.spec(), 5, 5, same.created());
            assertThatThrownBy(() -> store.intend(taken)).isInstanceOf(BrockerException.Host.class);
            store.save(container(7));

            assertThat(texts(store.events().after(0, ALL)))
                    .containsExactly("1 service.added", "2 container.created", "3 container.created");
        }
    }

    @Test
    void eventThatCannotBeWrittenIsNoChange() throws Exception {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(SHOP);
            execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room'); END");
            assertThatThrownBy(() -> store.save(container(5))).hasMessageContaining("no room");
            assertThatThrownBy(() -> store.remove(SHOP.name())).hasMessageContaining("no room");
            assertThat(store.read().containers()).isEmpty();
            assertThat(store.read().intact()).containsExactly(SHOP);
            execute("DROP TRIGGER full");
            store.save(container(5));

            assertThat(store.read().containers()).containsExactly(container(5));
            assertThat(texts(store.events().after(0, ALL))).containsExactly("1 service.added", "2 container.created");
        }
    }

    @Test
    void newestTenThousandAreKeptAndWhatIsForgottenIsSaid() {
        try (SqliteStore store = SqliteStore.open(file)) {
            EventLog log = store.events();
            store.save(SHOP);
            ContainerRecord record = container(5);
            store.intend(record);
            for (int i = 3; i <= 10_500; i++) {
                store.intend(record.checked(i % 2 == 1));
            }
            assertThat(log.newest()).isEqualTo(10_500);
            assertThat(log.forgotten()).isBetween(250L, 500L);
            List<Event> kept = log.after(log.forgotten(), ALL);
            assertThat(kept).hasSizeBetween(10_000, 10_250);
            assertThat(kept.getFirst().sequence()).isEqualTo(log.forgotten() + 1);
            assertThat(kept.getLast().sequence()).isEqualTo(10_500);
            assertThatThrownBy(() -> log.after(log.forgotten() - 1, 1))
                    .isInstanceOf(BrockerException.NotFound.class)
                    .hasMessageContaining("not kept any more, up to " + log.forgotten());
        }
    }

    @Test
    void numberThatIsNotGivenYetIsRefused() {
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(SHOP);
            assertThat(store.events().after(1, 1)).isEmpty();
            assertThatThrownBy(() -> store.events().after(2, 1))
                    .isInstanceOf(BrockerException.NotFound.class)
                    .hasMessageContaining("no event \"2\" yet: the newest is 1");
        }
    }

    @Test
    void numbersThatThePowerMayHaveTakenAreNotGivenAgain() {
        try (SqliteStore store = SqliteStore.open(file, "first")) {
            store.save(SHOP);
        }
        try (SqliteStore store = SqliteStore.open(file, "first")) {
            assertThat(store.events().newest()).isEqualTo(1);
        }
        for (int i = 0; i < 2; i++) {
            try (SqliteStore store = SqliteStore.open(file, "second")) {
                assertThat(store.events().newest()).isEqualTo(10_001);
            }
        }
        try (SqliteStore store = SqliteStore.open(file, "second")) {
            // Seen before the power went.
            assertThat(store.events().after(17, 1)).isEmpty();
            store.save(container(5));
            assertThat(texts(store.events().after(17, ALL))).containsExactly("10002 container.created");
            assertThat(store.events().forgotten()).isZero();
        }
    }

    @Test
    void readersSeeEveryEventOnceWhileManyWrite() throws Exception {
        int writers = 4;
        int each = 200;
        try (SqliteStore store = SqliteStore.open(file)) {
            store.save(SHOP);
            List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(CompletableFuture.supplyAsync(
                        () -> read(store.events(), 1 + writers * (each + 1)), Thread::startVirtualThread));
            }
            List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                ContainerRecord record = container(3 + w);
                threads.add(Thread.ofVirtual().start(() -> {
                    store.intend(record);
                    for (int i = 0; i < each; i++) {
                        store.intend(record.checked(i % 2 == 0));
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            List<Long> all =
                    store.events().after(0, ALL).stream().map(Event::sequence).toList();
            assertThat(all).hasSize(1 + writers * (each + 1)).isSorted().doesNotHaveDuplicates();
            for (CompletableFuture<List<Long>> reader : readers) {
                assertThat(reader.get()).isEqualTo(all);
            }
        }
    }

    private static List<Long> read(EventLog log, int wanted) {
        List<Long> seen = new ArrayList<>();
        long position = 0;
        try {
            while (seen.size() < wanted && log.await(position, Duration.ofSeconds(20))) {
                for (Event event : log.after(position, 7)) {
                    position = event.sequence();
                    seen.add(position);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return seen;
    }

    @Test
    void waitingEndsWithoutAnEventWhenItsTimeIsOver() throws Exception {
        try (SqliteStore store = SqliteStore.open(file)) {
            assertThat(store.events().await(0, Duration.ofMillis(1))).isFalse();
            store.save(SHOP);
            assertThat(store.events().await(0, Duration.ofDays(1))).isTrue();
        }
    }
}
