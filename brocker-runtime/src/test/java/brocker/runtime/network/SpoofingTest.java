package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a port of a bridge lets through, with a thief that has every privilege inside its network namespace. */
@RequiresSandbox
final class SpoofingTest {
    private static final String VICTIM = "10.1.1.3";
    private static final String THIEF = "10.1.1.4";
    private static final String STOLEN = "10.1.1.9";

    @Test
    void neighboursReachEachOther() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station one = lan.station(1, 3);
            Station other = lan.station(1, 4);
            try (ServerSocketChannel _ = one.listen(VICTIM, 8080);
                    ServerSocketChannel _ = other.listen(THIEF, 8080)) {
                assertThat(other.reaches(THIEF, VICTIM, 8080)).isTrue();
                assertThat(one.reaches(VICTIM, THIEF, 8080)).isTrue();
            }
        }
    }

    @Test
    void anAddressOfSomebodyElseIsNotHeard() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station victim = lan.station(1, 3);
            Station thief = lan.station(1, 4);
            thief.run("ip", "address", "add", STOLEN + "/24", "dev", "veth1");
            // A neighbour that is known needs no ARP: this is about IP alone.
            victim.run("ip", "neighbour", "replace", STOLEN, "lladdr", "02:42:0a:01:01:04", "dev", "veth1");
            try (ServerSocketChannel _ = victim.listen(VICTIM, 8080)) {
                assertThat(thief.reaches(THIEF, VICTIM, 8080)).isTrue();
                assertThat(thief.isKeptFrom(STOLEN, VICTIM, 8080)).isTrue();
                lan.without("bridge brocker");
                assertThat(thief.reaches(STOLEN, VICTIM, 8080))
                        .as("without the rule")
                        .isTrue();
            }
        }
    }

    @Test
    void anotherEthernetAddressIsNotHeard() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station victim = lan.station(1, 3);
            Station thief = lan.station(1, 4);
            thief.run("ip", "link", "set", "veth1", "address", "02:42:0a:01:01:09");
            thief.run("ip", "neighbour", "replace", VICTIM, "lladdr", "02:42:0a:01:01:03", "dev", "veth1");
            victim.run("ip", "neighbour", "replace", THIEF, "lladdr", "02:42:0a:01:01:09", "dev", "veth1");
            try (ServerSocketChannel _ = victim.listen(VICTIM, 8080)) {
                assertThat(thief.isKeptFrom(THIEF, VICTIM, 8080)).isTrue();
                lan.without("bridge brocker");
                assertThat(thief.reaches(THIEF, VICTIM, 8080))
                        .as("without the rule")
                        .isTrue();
            }
        }
    }

    @Test
    void nobodyAnswersForSomebodyElse() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station victim = lan.station(1, 3);
            Station thief = lan.station(1, 4);
            thief.run("ip", "address", "add", STOLEN + "/24", "dev", "veth1");
            try (ServerSocketChannel _ = thief.listen(STOLEN, 8080)) {
                assertThat(victim.isKeptFrom(VICTIM, STOLEN, 8080)).isTrue();
                assertThat(victim.run("ip", "neighbour", "show", STOLEN)).doesNotContain("lladdr");
                lan.without("bridge brocker");
                assertThat(victim.reaches(VICTIM, STOLEN, 8080))
                        .as("without the rule")
                        .isTrue();
                assertThat(victim.run("ip", "neighbour", "show", STOLEN)).contains("lladdr 02:42:0a:01:01:04");
            }
        }
    }

    @Test
    void aPortHasNoIpv6() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            Station victim = lan.station(1, 3);
            Station thief = lan.station(1, 4);
            for (Station each : List.of(victim, thief)) {
                assertThat(each.run("cat", "/proc/sys/net/ipv6/conf/veth1/disable_ipv6"))
                        .isEqualTo("1\n");
                assertThat(each.run("ip", "-6", "address", "show", "dev", "veth1"))
                        .isEmpty();
                assertThat(each.run("ip", "-6", "address", "show", "dev", "lo")).contains("::1/128");
            }
            assertThat(lan.host().run("ip", "-6", "address", "show")).doesNotContain("brocker1", "veth1x");
            turnOnIpv6(victim, "fd00::3");
            turnOnIpv6(thief, "fd00::4");
            // Where bridged frames are shown to the inet family as well (br_netfilter) its rules would do the same.
            lan.without("inet brocker");
            try (ServerSocketChannel _ = victim.listen("::", 8080)) {
                assertThat(thief.isKeptFrom("fd00::4", "fd00::3", 8080)).isTrue();
                lan.without("bridge brocker");
                assertThat(thief.reaches("fd00::4", "fd00::3", 8080))
                        .as("without the rule")
                        .isTrue();
            }
        }
    }

    private static void turnOnIpv6(Station station, String address) {
        station.run("sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/veth1/disable_ipv6");
        station.run("ip", "address", "add", address + "/64", "dev", "veth1", "nodad");
    }
}
