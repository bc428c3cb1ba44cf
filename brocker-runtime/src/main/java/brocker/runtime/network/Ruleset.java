package brocker.runtime.network;

import brocker.spec.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the packet filter is told, in the language of nft(8); pure.
 *
 * <p>In the bridge family a frame from one of our ports goes on only where Ethernet and IPv4 address, or in ARP both senders, are the
 * port's own; IPv6, VLANs and everything else ends there. In the inet family a packet that comes from or goes to one of our bridges
 * is decided, and any other is passed over. The ports are listed by name, not found by their bridge ({@code meta ibrname}), which
 * many kernels are built without.
 *
 * <p>What is for a bridge's network, or claims to be from it, and comes in elsewhere is dropped before connections are tracked; in the ARP
 * family nobody elsewhere hears that the host has a bridge's address. The host itself reaches bridges and containers through {@code lo} and
 * by routing.
 *
 * <p>Each container has a rate of its own at which it may ask for names, by its address, which the bridge family has checked by then. What is
 * beyond it is dropped before connections are tracked and before it reaches the queue that all containers of a bridge share. What is tracked of
 * a question is forgotten after 5 s, so that questions do not fill the host's table of connections.
 *
 * <p>Who asks for a name at port 53 of its bridge's address asks the daemon's port instead, whoever else listens there on the host. While
 * the daemon is away nobody says so: a resolver that hears of it gives up at once, and one that hears nothing asks again.
 *
 * @param refused TCP ports of the host that no container reaches
 * @param bridges by name
 * @param ports by host end
 */
record Ruleset(Set<Integer> refused, Map<String, BridgePlan> bridges, Map<String, BridgePort> ports) {
    static final Ruleset EMPTY = new Ruleset(Set.of(), Map.of(), Map.of());

    /** Of one container. A resolver asks twice for each name; the burst of several containers fits into the queue of the daemon's socket. */
    private static final String QUESTIONS = "limit rate over 500/second burst 250 packets";

    /** A table is added before it is deleted, as deleting one that does not exist is an error. */
    static final String REMOVAL = """
            add table arp brocker
            delete table arp brocker
            add table bridge brocker
            delete table bridge brocker
            add table inet brocker
            delete table inet brocker
            """;

    Ruleset {
        refused = Set.copyOf(refused);
        bridges = Map.copyOf(bridges);
        ports = Map.copyOf(ports);
    }

    Ruleset refusing(int port) {
        Set<Integer> more = new TreeSet<>(refused);
        more.add(port);
        return new Ruleset(more, bridges, ports);
    }

    Ruleset with(BridgePlan bridge) {
        return new Ruleset(refused, added(bridges, bridge.name(), bridge), ports);
    }

    Ruleset with(BridgePort port) {
        return new Ruleset(refused, bridges, added(ports, port.hostEnd(), port));
    }

    Ruleset with(List<BridgePlan> moreBridges, List<BridgePort> morePorts) {
        Ruleset all = this;
        for (BridgePlan bridge : moreBridges) {
            all = all.with(bridge);
        }
        for (BridgePort port : morePorts) {
            all = all.with(port);
        }
        return all;
    }

    Ruleset withoutBridge(String name) {
        return new Ruleset(refused, removed(bridges, name), ports);
    }

    Ruleset withoutPort(String hostEnd) {
        return new Ruleset(refused, bridges, removed(ports, hostEnd));
    }

    /** Whether there is nobody to be kept from anything. */
    boolean isEmpty() {
        return bridges.isEmpty() && ports.isEmpty();
    }

    /** Adds one port to a ruleset that is in force. */
    static String admission(BridgePort port) {
        return elements("add", port);
    }

    /** Takes one port from a ruleset that is in force. */
    static String dismissal(BridgePort port) {
        return elements("delete", port);
    }

    /** Replaces whatever is in force by this, in one transaction; where there is nothing to say, nothing of ours stays. */
    String text() {
        return isEmpty() ? REMOVAL : REMOVAL + arpTable() + bridgeTable() + inetTable();
    }

    /** The kernel answers at every interface for every address of the host, see {@code arp_ignore} in ip-sysctl.rst. */
    private String arpTable() {
        return """
                table arp brocker {
                    set bridges {
                        type ifname;%s
                    }
                    set networks {
                        type ipv4_addr; flags interval; auto-merge;%s
                    }
                    chain input {
                        type filter hook input priority 0; policy accept;
                        iifname != @bridges arp daddr ip @networks drop
                    }
                }
                """.formatted(each(_ -> true, bridge -> quoted(bridge.name())), each(_ -> true, Ruleset::network));
    }

    private String bridgeTable() {
        return """
                table bridge brocker {
                    set ports {
                        type ifname;%s
                    }
                    set senders {
                        type ifname . ether_addr . ipv4_addr;%s
                    }
                    chain prerouting {
                        type filter hook prerouting priority -300; policy accept;
                        iifname != @ports accept
                        iifname . ether saddr . ip saddr @senders accept
                        iifname . ether saddr . arp saddr ip @senders iifname . arp saddr ether . arp saddr ip @senders accept
                        drop
                    }
                }
                """.formatted(
                list(ports.values().stream().map(port -> quoted(port.hostEnd())).toList()),
                list(ports.values().stream().map(Ruleset::sender).toList()));
    }

    /** Between one bridge's own ports it decides only where the kernel shows bridged frames to it (br_netfilter). */
    private String inetTable() {
        return """
                table inet brocker {
                    set bridges {
                        type ifname;%2$s
                    }
                    set networks {
                        type ipv4_addr; flags interval; auto-merge;%9$s
                    }
                    set within {
                        type ifname . ifname;%3$s
                    }
                    set gateways {
                        type ifname . ipv4_addr;%4$s
                    }
                    set proxies {
                        type ifname . ipv4_addr . inet_service;%5$s
                    }
                    set egress {
                        type ifname;%6$s
                    }
                    set host_access {
                        type ifname . ipv4_addr;%7$s
                    }
                    set askers {
                        type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m;
                    }
                    ct timeout names {
                        protocol udp; l3proto ip;
                        policy = { unreplied : 5, replied : 5 };
                    }
                    chain prerouting {
                        type filter hook prerouting priority -300; policy accept;
                        ip daddr @networks goto inbound
                        ip saddr @networks iifname != @bridges iifname != "lo" drop
                    }
                    chain inbound {
                        iifname @bridges goto questions
                        iifname "lo" accept
                        drop
                    }
                    chain questions {
                        iifname . ip daddr @gateways udp dport { 53, %1$d } goto asked
                        iifname . ip daddr @gateways tcp dport { 53, %1$d } tcp flags & (fin | syn | rst | ack) == syn goto asked
                    }
                    chain asked {
                        update @askers { ip saddr %10$s } drop
                    }
                    chain forward {
                        type filter hook forward priority 0; policy accept;
                        iifname @bridges jump leaving
                        oifname @bridges jump entering
                    }
                    chain leaving {
                        meta nfproto ipv6 drop
                        iifname . oifname @within accept
                        ct state established,related accept
                        oifname . ip daddr . tcp dport @proxies accept
                        iifname @egress oifname != @bridges accept
                        drop
                    }
                    chain entering {
                        meta nfproto ipv6 drop
                        ct state established,related accept
                        drop
                    }
                    chain asking {
                        type nat hook prerouting priority -100; policy accept;
                        iifname . ip daddr @gateways udp dport { 53, %1$d } ct timeout set "names"
                        iifname . ip daddr @gateways udp dport 53 redirect to :%1$d
                        iifname . ip daddr @gateways tcp dport 53 redirect to :%1$d
                    }
                    chain input {
                        type filter hook input priority 0; policy accept;
                        iifname @bridges jump arriving
                    }
                    chain arriving {
                        meta nfproto ipv6 drop
                %8$s        ct state established,related accept
                        iifname . ip daddr @gateways icmp type echo-request accept
                        iifname . ip daddr @gateways udp dport %1$d accept
                        iifname . ip daddr @gateways tcp dport %1$d accept
                        iifname . ip daddr @host_access accept
                        drop
                    }
                    chain answering {
                        type filter hook output priority 0; policy accept;
                        oifname @bridges icmp type destination-unreachable ct original proto-dst 53 drop
                    }
                    chain postrouting {
                        type nat hook postrouting priority 100; policy accept;
                        iifname @egress oifname != @bridges masquerade
                    }
                }
                """.formatted(
                        HostNetwork.NAMES_PORT,
                        each(_ -> true, bridge -> quoted(bridge.name())),
                        each(_ -> true, bridge -> quoted(bridge.name()) + " . " + quoted(bridge.name())),
                        each(_ -> true, Ruleset::gateway),
                        each(_ -> true, Ruleset::entrance),
                        each(BridgePlan::egress, bridge -> quoted(bridge.name())),
                        each(BridgePlan::hostAccess, Ruleset::gateway),
                        refused.stream()
                                .sorted()
                                .map(port -> "        tcp dport " + port + " drop\n")
                                .collect(Collectors.joining()),
                        each(_ -> true, Ruleset::network),
                        QUESTIONS);
    }

    private String each(Predicate<BridgePlan> which, Function<BridgePlan, String> element) {
        return list(bridges.values().stream().filter(which).map(element).toList());
    }

    private static String gateway(BridgePlan bridge) {
        return quoted(bridge.name()) + " . " + Cidr.dotted(bridge.address().bits());
    }

    private static String network(BridgePlan bridge) {
        Cidr address = bridge.address();
        return Cidr.dotted(address.network()) + "/" + address.prefix();
    }

    private static String entrance(BridgePlan bridge) {
        return quoted(bridge.name()) + " . " + Cidr.dotted(bridge.proxy()) + " . " + bridge.proxyPort();
    }

    private static String sender(BridgePort port) {
        return quoted(port.hostEnd()) + " . " + port.mac() + " . " + Cidr.dotted(port.address());
    }

    private static String elements(String verb, BridgePort port) {
        return """
                %1$s element bridge brocker ports { %2$s }
                %1$s element bridge brocker senders { %3$s }
                """.formatted(verb, quoted(port.hostEnd()), sender(port));
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static String list(List<String> elements) {
        return elements.isEmpty()
                ? ""
                : " elements = { " + elements.stream().sorted().collect(Collectors.joining(", ")) + " };";
    }

    private static <V> Map<String, V> added(Map<String, V> map, String key, V value) {
        Map<String, V> more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }

    private static <V> Map<String, V> removed(Map<String, V> map, String key) {
        Map<String, V> less = new TreeMap<>(map);
        less.remove(key);
        return less;
    }
}
