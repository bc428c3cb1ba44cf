package brocker.daemon.proxy;

import brocker.spec.Network;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the application is told about where a request came from. Only what the trusted proxies say is passed on; otherwise nginx says what
 * it sees itself, and a header that it cannot know is taken away. An ingress of ours is believed in any case, and looked through. Pure.
 *
 * @param trusted the proxies whose word is taken
 * @param throughIngress whether requests come from an ingress, over a Unix socket
 */
record Forwarded(List<Network> trusted, boolean throughIngress) {
    private static final Template TRUSTED = Template.ours("trusted");
    private static final Template INGRESS_PEER = Template.ours("ingress-peer");
    private static final Template APPENDED = Template.ours("appended");
    private static final Template REAL_IP = Template.ours("real-ip");

    Forwarded {
        trusted = List.copyOf(trusted);
    }

    /** The variables of {@link #headers}, for the {@code http} block; none where nobody is trusted. */
    String variables() {
        if (trusted.isEmpty() && !throughIngress) {
            return "";
        }
        String realIp = REAL_IP.fill(Map.of("real-ip-from", realIpFrom()));
        String client = throughIngress ? INGRESS_PEER.text() : APPENDED.text();
        return trusted.isEmpty()
                ? realIp + client
                : realIp
                        + client
                        + TRUSTED.fill(Map.of(
                                "addresses",
                                trusted.stream().map(network -> network + " 1;").collect(Collectors.joining("\n")),
                                "peer",
                                throughIngress ? "$client_peer" : "$realip_remote_addr",
                                "scheme",
                                scheme(),
                                "port",
                                port(),
                                "all",
                                throughIngress ? "$forwarded_for_all" : "$forwarded_for_appended"));
    }

    /** The values of the headers, for the places of the template {@code forwarding}. */
    Map<String, String> headers() {
        boolean nobody = trusted.isEmpty();
        return Map.of(
                "forwarded-for", nobody ? "$remote_addr" : "$forwarded_for",
                "forwarded-host", nobody ? "$authority" : "$forwarded_host",
                "forwarded-proto", nobody ? scheme() : "$forwarded_proto",
                "forwarded-port", nobody ? port() : "$forwarded_port",
                "forwarded-prefix", nobody ? "\"\"" : "$forwarded_prefix",
                "forwarded", nobody ? "\"\"" : "$forwarded_rfc7239");
    }

    /** What an ingress says, which is taken away. */
    List<String> taken() {
        return throughIngress ? List.of("X-Ingress-Peer", "X-Ingress-Scheme", "X-Ingress-Port") : List.of();
    }

    private String scheme() {
        return throughIngress ? "$client_scheme" : "$scheme";
    }

    private String port() {
        return throughIngress ? "$client_port" : "\"\"";
    }

    private String realIpFrom() {
        return Stream.concat(
                        throughIngress ? Stream.of("unix:") : Stream.of(),
                        trusted.stream().map(Network::toString))
                .map(from -> "set_real_ip_from " + from + ";")
                .collect(Collectors.joining("\n"));
    }
}
