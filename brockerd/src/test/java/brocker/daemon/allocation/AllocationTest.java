package brocker.daemon.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Backoff;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, ranges, numbers and pauses. */
final class AllocationTest {
    private static ServiceSpec spec(String name, String bridge) {
        String ip = bridge.isEmpty() ? "" : ",\"bridge-ip\":\"" + bridge + "\"";
        return Json.read("test", "{\"name\":\"" + name + "\"" + ip + "}", ServiceSpec.class);
    }

    private static ServiceRecord service(String address) {
        return ServiceRecord.added(spec("shop", ""), 3, Cidr.parse(address), Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.1.1/24, 10.0.1.2",
        "10.0.1.2/24, 10.0.1.3",
        "10.0.1.9/29, 10.0.1.10",
        "10.0.1.10/29, 10.0.1.11",
        "10.0.255.254/16, 10.0.0.2",
        "200.0.1.1/24, 200.0.1.2"
    })
    void proxyHasTheSecondAddressOrTheThirdWhereTheBridgeHasIt(String bridge, String proxy) {
        assertThat(Cidr.dotted(service(bridge).proxyAddress())).isEqualTo(proxy);
        assertThat(service(bridge).bridge()).isEqualTo("brocker3");
    }

    @ParameterizedTest
    @CsvSource({"10.0.1.9/29", "10.0.1.14/29", "200.0.1.10/29", "10.0.1.1/24", "10.0.7.7/20"})
    void everyAddressIsGivenOnceAndThenThePoolIsExhausted(String bridge) {
        ServiceRecord service = service(bridge);
        Set<Integer> taken = new HashSet<>();
        int size = service.address().broadcast() - service.address().network() + 1;
        for (int i = 0; i < size - 4; i++) {
            int address = AddressPool.lowestFree(service, taken);
            assertThat(service.address().contains(address)).isTrue();
            assertThat(address)
                    .isNotIn(
                            service.address().network(),
                            service.address().broadcast(),
                            service.address().bits(),
                            service.proxyAddress());
            assertThat(taken.add(address)).isTrue();
        }
        BrockerException refusal =
                catchThrowableOfType(BrockerException.Conflict.class, () -> AddressPool.lowestFree(service, taken));
        assertThat(refusal.code()).isEqualTo("pool-exhausted");
        assertThat(refusal.message()).isEqualTo("the service \"shop\" has no address left in \"" + bridge + "\"");
    }

    @Test
    void lowestFreeAddressIsTheOneThatWasGivenBack() {
        ServiceRecord service = service("10.0.1.1/24");
        Set<Integer> taken = new HashSet<>(
                Set.of(Cidr.parse("10.0.1.3").bits(), Cidr.parse("10.0.1.4").bits()));

        assertThat(Cidr.dotted(AddressPool.lowestFree(service, taken))).isEqualTo("10.0.1.5");
        taken.remove(Cidr.parse("10.0.1.3").bits());
        assertThat(Cidr.dotted(AddressPool.lowestFree(service, taken))).isEqualTo("10.0.1.3");
    }

    @Test
    void writtenRangeIsTakenIfItIsFree() {
        assertThat(BridgeRange.choose(spec("a", "10.0.1.1"), List.of(service("10.0.2.1/24")), List.of()))
                .isEqualTo(Cidr.parse("10.0.1.1/24"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.1.1    | 10.0.1.1/24 |             | bridge-address-taken    | the bridge address "10.0.1.1/24" is taken by the service "shop"
            10.0.1.5    | 10.0.1.1/24 |             | bridge-address-overlaps | the bridge address "10.0.1.5/24" overlaps with "10.0.1.1/24" of the service "shop"
            10.0.1.1/16 | 10.0.9.1/24 |             | bridge-address-overlaps | the bridge address "10.0.1.1/16" overlaps with "10.0.9.1/24" of the service "shop"
            10.0.1.1    | 10.0.9.1/24 | 10.0.1.1/24 | bridge-address-taken    | the bridge address "10.0.1.1/24" is taken by the host
            10.0.1.1    | 10.0.9.1/24 | 10.0.1.8/30 | bridge-address-overlaps | the bridge address "10.0.1.1/24" overlaps with "10.0.1.8/30" of the host
            """)
    void takenRangeIsRefusedWithItsOwner(String wanted, String other, String host, String code, String message) {
        List<Cidr> hosts = host == null ? List.of() : List.of(Cidr.parse(host));
        BrockerException refusal = catchThrowableOfType(
                BrockerException.Conflict.class,
                () -> BridgeRange.choose(spec("a", wanted), List.of(service(other)), hosts));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.message()).isEqualTo(message);
    }

    @Test
    void firstFreeRangeIsChosenUntilNoneIsLeft() {
        List<ServiceRecord> services = new ArrayList<>();
        List<Cidr> host = List.of(Cidr.parse("10.200.1.77/32"), Cidr.parse("10.200.4.1/23"));
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 253; i++) {
            Cidr range = BridgeRange.choose(spec("a", ""), services, host);
            chosen.add(range.toString());
            services.add(service(range.toString()));
        }
        BrockerException refusal = catchThrowableOfType(
                BrockerException.Conflict.class, () -> BridgeRange.choose(spec("a", ""), services, host));

        assertThat(chosen).startsWith("10.200.0.1/24", "10.200.2.1/24", "10.200.3.1/24", "10.200.6.1/24");
        assertThat(chosen).endsWith("10.200.255.1/24").doesNotHaveDuplicates();
        assertThat(refusal.code()).isEqualTo("no-free-range");
    }

    @Test
    void vethNumberIsTheLowestThatNobodyHas() {
        VethNumbers numbers = new VethNumbers();
        numbers.reserve(2);

        assertThat(List.of(numbers.take(), numbers.take(), numbers.take())).containsExactly(1, 3, 4);
        numbers.release(3);
        numbers.release(2);
        assertThat(List.of(numbers.take(), numbers.take(), numbers.take())).containsExactly(2, 3, 5);
    }

    @Test
    void pauseDoublesUpToAMinuteAndBeginsAnewAfterTenSecondsOfLife() {
        Backoff backoff = new Backoff();
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pauses.add(backoff.after(Duration.ofSeconds(9)).toSeconds());
        }

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(backoff.after(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(Duration.ZERO)).isEqualTo(Duration.ofSeconds(2));
    }
}
