package brocker.daemon.fault;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.event.EventDraft;
import brocker.spec.BrockerException;
import brocker.spec.ServiceName;
import brocker.spec.wire.EventType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class FaultsTest {
    private static final ServiceName SHOP = new ServiceName("shop");
    private static final Faults.Subject OF_SHOP = Faults.Subject.of(SHOP);

    private final List<EventDraft> events = new CopyOnWriteArrayList<>();
    private final Faults faults = new Faults(new EventsAlone(events::add));

    @Test
    void whatSucceedsLeavesNothing() {
        assertThat(faults.attempt(OF_SHOP, "it cannot be done", () -> {})).isTrue();
        assertThat(faults.of(SHOP)).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void whatFailsIsShownToldOnceAndTriedUntilItSucceeds() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        assertThat(faults.attempt(OF_SHOP, "it cannot be done", () -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new BrockerException.Host("busy", "the \"x\" is busy", "");
                    }
                }))
                .isFalse();
        assertThat(faults.of(SHOP)).containsExactly("it cannot be done: the \"x\" is busy");
        assertThat(faults.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail())
                        .isEqualTo("service \"shop\": it cannot be done: the \"x\" is busy"));
        await(() -> faults.of(SHOP).isEmpty());
        assertThat(tries).hasValue(3);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(EventType.SERVICE_FAULT);
            assertThat(event.details().reason()).hasValue("it cannot be done: the \"x\" is busy");
        });
    }

    @Test
    void whatIsGoneIsTriedNoMore() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        faults.attempt(OF_SHOP, "it cannot be done", () -> {
            tries.incrementAndGet();
            throw new IllegalStateException("no");
        });
        faults.forget(SHOP);
        Thread.sleep(1500);
        assertThat(tries).hasValue(1);
        assertThat(faults.findings()).isEmpty();
    }

    @Test
    void brokenStoreKeepsNothingFromBeingTried() throws Exception {
        Faults deaf = new Faults(new EventsAlone(_ -> {
            throw new BrockerException.Host("store-failed", "full", "");
        }));
        AtomicInteger tries = new AtomicInteger();
        deaf.attempt(OF_SHOP, "it cannot be done", () -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("no");
            }
        });
        await(() -> tries.get() == 2 && deaf.of(SHOP).isEmpty());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
