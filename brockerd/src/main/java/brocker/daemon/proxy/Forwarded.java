package brocker.daemon.proxy;

import brocker.spec.Network;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the application is told about where a request came from. Only what the trusted proxies say is passed on; otherwise nginx says what
 * it sees itself, and a header that it cannot know is taken away. Pure.
 *
 * @param trusted the proxies whose word is taken
 */
record Forwarded(List<Network> trusted) {
    private static final Template TEMPLATE = Template.ours("trusted");

    Forwarded {
        trusted = List.copyOf(trusted);
    }

    /** The variables of {@link #headers}, for the {@code http} block; none where nobody is trusted. */
    String variables() {
        if (trusted.isEmpty()) {
            return "";
        }
        return TEMPLATE.fill(Map.of("real-ip-from", lines("set_real_ip_from ", ";"), "addresses", lines("", " 1;")));
    }

    /** The values of the headers, for the places of the template {@code forwarding}. */
    Map<String, String> headers() {
        boolean nobody = trusted.isEmpty();
        return Map.of(
                "forwarded-for", nobody ? "$remote_addr" : "$forwarded_for",
                "forwarded-host", nobody ? "$http_host" : "$forwarded_host",
                "forwarded-proto", nobody ? "$scheme" : "$forwarded_proto",
                "forwarded-port", nobody ? "\"\"" : "$forwarded_port",
                "forwarded-prefix", nobody ? "\"\"" : "$forwarded_prefix",
                "forwarded", nobody ? "\"\"" : "$forwarded_rfc7239");
    }

    private String lines(String before, String after) {
        return trusted.stream().map(network -> before + network + after).collect(Collectors.joining("\n"));
    }
}
