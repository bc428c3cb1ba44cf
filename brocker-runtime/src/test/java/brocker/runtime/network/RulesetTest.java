package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RulesetTest {
    private static final Cidr ADDRESS = Cidr.parse("10.1.1.3/24");
    private static final BridgePort PORT = new BridgePort("veth7", ADDRESS.bits());
    private static final BridgePlan PLAIN = Lan.plan(1, false, false);
    private static final BridgePlan OPEN = Lan.plan(2, true, true);

    private static List<String> lines(Ruleset ruleset) {
        return ruleset.text().lines().map(String::strip).toList();
    }

    @Test
    void nothingToSayRemovesAllTables() {
        assertThat(Ruleset.EMPTY.refusing(3000).text()).isEqualTo(Ruleset.REMOVAL);
        assertThat(Ruleset.EMPTY.with(PLAIN).withoutBridge("brocker1").isEmpty())
                .isTrue();
        assertThat(Ruleset.EMPTY.with(PORT).withoutPort("veth7").isEmpty()).isTrue();
        assertThat(Ruleset.EMPTY.with(PORT).isEmpty()).isFalse();
    }

    @Test
    void aPortIsTiedToItsAddresses() {
        assertThat(lines(Ruleset.EMPTY.with(PORT)))
                .contains(
                        "type ifname; elements = { \"veth7\" };",
                        "type ifname . ether_addr . ipv4_addr; elements = { \"veth7\" . 02:42:0a:01:01:03 . 10.1.1.3 };");
        assertThat(Ruleset.admission(PORT)).isEqualTo("""
                add element bridge brocker ports { "veth7" }
                add element bridge brocker senders { "veth7" . 02:42:0a:01:01:03 . 10.1.1.3 }
                """);
        assertThat(Ruleset.dismissal(PORT)).isEqualTo("""
                delete element bridge brocker ports { "veth7" }
                delete element bridge brocker senders { "veth7" . 02:42:0a:01:01:03 . 10.1.1.3 }
                """);
    }

    @Test
    void aBridgeIsInTheSetsThatItsKeysName() {
        List<String> lines = lines(Ruleset.EMPTY.with(OPEN).with(PLAIN));
        assertThat(lines)
                .contains(
                        "type ifname; elements = { \"brocker1\", \"brocker2\" };",
                        "type ifname . ifname; elements = { \"brocker1\" . \"brocker1\", \"brocker2\" . \"brocker2\" };",
                        "type ifname . ipv4_addr; elements = { \"brocker1\" . 10.1.1.1, \"brocker2\" . 10.1.2.1 };",
                        "type ifname . ipv4_addr . inet_service;"
                                + " elements = { \"brocker1\" . 10.1.1.2 . 80, \"brocker2\" . 10.1.2.2 . 80 };",
                        "type ifname; elements = { \"brocker2\" };",
                        "type ifname . ipv4_addr; elements = { \"brocker2\" . 10.1.2.1 };");
        assertThat(lines(Ruleset.EMPTY.with(PLAIN)))
                .as("the sets of egress and of host access")
                .contains("type ifname;", "type ifname . ipv4_addr;");
    }

    @Test
    void questionsForNamesGoToThePortOfTheDaemonAndItIsOpen() {
        List<String> lines = lines(Ruleset.EMPTY.with(PLAIN));
        assertThat(lines)
                .contains(
                        "iifname . ip daddr @gateways udp dport 53 redirect to :13053",
                        "iifname . ip daddr @gateways tcp dport 53 redirect to :13053",
                        "iifname . ip daddr @gateways udp dport 13053 accept",
                        "iifname . ip daddr @gateways tcp dport 13053 accept");
    }

    @Test
    void refusedPortsComeBeforeEverythingThatIsAccepted() {
        List<String> lines = lines(Ruleset.EMPTY.with(OPEN).refusing(3000).refusing(3001));
        int arriving = lines.indexOf("chain arriving {");
        assertThat(lines.subList(arriving + 2, arriving + 5))
                .containsExactly("tcp dport 3000 drop", "tcp dport 3001 drop", "ct state established,related accept");
    }

    @Test
    void whatIsForABridgeIsDroppedElsewhereAndTheHostIsNot() {
        List<String> lines = lines(Ruleset.EMPTY.with(OPEN).with(PLAIN));
        assertThat(lines)
                .contains(
                        "type ipv4_addr; flags interval; auto-merge; elements = { 10.1.1.0/24, 10.1.2.0/24 };",
                        "iifname != @bridges arp daddr ip @networks drop");
        int prerouting = lines.lastIndexOf("chain prerouting {");
        assertThat(lines.subList(prerouting + 1, prerouting + 9))
                .containsExactly(
                        "type filter hook prerouting priority -300; policy accept;",
                        "ip daddr @networks goto inbound",
                        "ip saddr @networks iifname != @bridges iifname != \"lo\" drop",
                        "}",
                        "chain inbound {",
                        "iifname @bridges goto questions",
                        "iifname \"lo\" accept",
                        "drop");
    }

    @Test
    void everyContainerHasItsShareOfTheQuestions() {
        assertThat(lines(Ruleset.EMPTY.with(OPEN)))
                .contains(
                        "iifname . ip daddr @gateways udp dport { 53, 13053 } goto asked",
                        "update @askers { ip saddr limit rate over 500/second burst 250 packets } drop");
    }
}
