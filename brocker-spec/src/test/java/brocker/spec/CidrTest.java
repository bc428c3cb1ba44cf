package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.1.1, 10.0.1.1/24, 10.0.1.0, 10.0.1.255",
        "10.0.1.1/16, 10.0.1.1/16, 10.0.0.0, 10.0.255.255",
        "192.168.7.9/29, 192.168.7.9/29, 192.168.7.8, 192.168.7.15",
        "255.255.255.255/32, 255.255.255.255/32, 255.255.255.255, 255.255.255.255",
        "1.2.3.4/31, 1.2.3.4/31, 1.2.3.4, 1.2.3.5",
        "1.2.3.4/0, 1.2.3.4/0, 0.0.0.0, 255.255.255.255"
    })
    void networkAndBroadcastAreTheEndsOfTheRange(String text, String written, String network, String broadcast) {
        Cidr cidr = Cidr.parse(text);

        assertThat(cidr).hasToString(written);
        assertThat(Cidr.dotted(cidr.network())).isEqualTo(network);
        assertThat(Cidr.dotted(cidr.broadcast())).isEqualTo(broadcast);
        assertThat(cidr.address()).isEqualTo(text.replaceFirst("/.*", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.1",
                "10.0.1.1.1",
                "10.0.1.256",
                "10.0.1.1/33",
                "10.0.1.1/",
                "10.0.1.1/-1",
                "10.0.1.1/024 ",
                "10.0.1.x",
                "::1",
                "10.0.1.1/24/24",
                " 10.0.1.1",
                "10.0.1.1/99"
            })
    void whatIsNoAddressIsRefused(String text) {
        BrockerException.Invalid refusal = Refusal.of(() -> Cidr.parse(text));

        assertThat(refusal.code()).isEqualTo("invalid-address");
        assertThat(refusal.message()).isEqualTo("\"" + text + "\" is not an IPv4 address");
        assertThat(Refusal.of(() -> new Cidr(1, 33)).message()).isEqualTo("\"33\" is not a prefix length");
    }

    @Test
    void rangeContainsItsEndsAndNothingBeyond() {
        Cidr cidr = Cidr.parse("200.0.1.77/24");

        assertThat(cidr.contains(cidr.network())).isTrue();
        assertThat(cidr.contains(cidr.broadcast())).isTrue();
        assertThat(cidr.contains(cidr.network() - 1)).isFalse();
        assertThat(cidr.contains(cidr.broadcast() + 1)).isFalse();
        assertThat(cidr.withAddress(cidr.network() + 2)).hasToString("200.0.1.2/24");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.1.1/24, 10.0.1.200/24, true",
        "10.0.1.1/24, 10.0.2.1/24, false",
        "10.0.1.1/24, 10.0.0.1/16, true",
        "10.0.1.1/24, 10.1.0.1/16, false",
        "10.0.1.1/25, 10.0.1.129/25, false",
        "10.0.1.1/24, 0.0.0.0/0, true"
    })
    void rangesThatShareAnAddressOverlap(String one, String other, boolean overlap) {
        assertThat(Cidr.parse(one).overlaps(Cidr.parse(other))).isEqualTo(overlap);
        assertThat(Cidr.parse(other).overlaps(Cidr.parse(one))).isEqualTo(overlap);
    }

    @Test
    void overlapIsWhatTheEndsSay() {
        Random random = Seeded.random("overlapIsWhatTheEndsSay");
        for (int i = 0; i < 5_000; i++) {
            Cidr a = new Cidr(random.nextInt() & 0x0303_0303, random.nextInt(33));
            Cidr b = new Cidr(random.nextInt() & 0x0303_0303, random.nextInt(33));
            boolean apart = Integer.compareUnsigned(a.broadcast(), b.network()) < 0
                    || Integer.compareUnsigned(b.broadcast(), a.network()) < 0;

            assertThat(a.overlaps(b)).as("%s and %s", a, b).isEqualTo(!apart);
            assertThat(Cidr.parse(a.toString())).isEqualTo(a);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, 127.0.0.1:80, true",
        "127.0.0.1:80, 127.0.0.1:81, false",
        "127.0.0.1:80, 127.0.0.2:80, false",
        "127.0.0.1:80, 0.0.0.0:80, true",
        "0.0.0.0:80, 0.0.0.0:80, true",
        "0.0.0.0:80, 0.0.0.0:81, false"
    })
    void publishedAddressesCollideWhereBothCannotListen(String one, String other, boolean collide) {
        assertThat(Publish.parse(one).collides(Publish.parse(other))).isEqualTo(collide);
        assertThat(Publish.parse(other).collides(Publish.parse(one))).isEqualTo(collide);
    }

    @Test
    void publishedAddressIsWrittenInOneWay() {
        assertThat(Publish.parse("127.0.0.01:0080")).hasToString("127.0.0.1:80");
        assertThat(Publish.parse("127.0.0.1:65535").port()).isEqualTo(65535);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                ":80",
                "localhost:80",
                "1.2.3.4",
                "1.2.3.4:",
                "1.2.3.4:0",
                "1.2.3.4:65536",
                "1.2.3:80",
                "1.2.3.4/8:80",
                "1.2.3.4:80 ",
                "1.2.3.256:80",
                "....:80"
            })
    void whatIsNoAddressAndPortIsRefused(String text) {
        assertThat(Refusal.of(() -> Publish.parse(text)).code()).isIn("invalid-publish", "invalid-address");
    }
}
