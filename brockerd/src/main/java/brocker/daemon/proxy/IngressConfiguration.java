package brocker.daemon.proxy;

import brocker.daemon.port.Route;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ByteSize;
import brocker.spec.CertifiedKey;
import brocker.spec.Cidr;
import brocker.spec.ClientLimits;
import brocker.spec.HostName;
import brocker.spec.Hosting.Protocol;
import brocker.spec.PathPrefix;
import brocker.spec.Publish;
import brocker.spec.Tls;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The text of {@code nginx.conf} for an ingress; pure.
 *
 * @param routes all of them clear or all encrypted
 * @param user who the workers run as
 * @param workers how many processes serve
 */
record IngressConfiguration(ServiceRecord ingress, List<Route> routes, NginxVersion version, String user, int workers)
        implements Configuration {
    private static final Template INGRESS = Template.ours("ingress");
    private static final Template HOST = Template.ours("host");
    private static final Template HAND_ON = Template.ours("hand-on");
    private static final Template LAST_ANSWER = Template.ours("last-answer");
    private static final Template AGREEMENT = Template.ours("agreement");
    private static final Template TLS = Template.ours("tls");

    /** Of a connection that goes on through a worker of an earlier configuration; the services have time-outs of their own. */
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    /** It buffers neither bodies nor answers. */
    static final ByteSize TEMP_SIZE = new ByteSize(1 << 20);

    private static final String NOBODY = """
            location / {
                default_type text/plain;
                return 404 "no service has this path here\\n";
            }
            """;

    IngressConfiguration {
        routes = List.copyOf(routes);
    }

    @Override
    public Directives directives() {
        return new Directives(List.of());
    }

    @Override
    public String text(String directory) {
        NginxFrame frame = new NginxFrame(
                "the ingress of \"" + address() + "\"",
                user,
                workers,
                LONGEST_REST,
                TEMP_SIZE,
                clients(),
                new Forwarded(List.of(), false));
        return frame.around(INGRESS.fill(Map.of(
                "tls", encrypted() ? TLS.text() : "",
                "upstreams", upstreams(),
                "default-listen", defaultListen(),
                "unknown", encrypted() ? "421" : "404",
                "servers", servers())));
    }

    /** It reads a head before it knows whose it is, so the most generous service decides. */
    private ClientLimits clients() {
        return routes.stream().map(Route::clients).reduce(ClientLimits::or).orElse(ClientLimits.DEFAULT);
    }

    private Publish address() {
        return ingress.spec().publish().getFirst();
    }

    private boolean encrypted() {
        return routes.stream().anyMatch(route -> route.protocol() instanceof Protocol.Encrypted);
    }

    /** The one server is named twice: what its nginx has not answered when it ends goes to the next one by the same socket. */
    private String upstreams() {
        return routes.stream()
                .filter(route -> !(route.protocol() instanceof Protocol.Redirect))
                .map(Route::service)
                .distinct()
                .sorted()
                .map(IngressConfiguration::upstream)
                .collect(Collectors.joining());
    }

    private static String upstream(String service) {
        String server = "    server unix:" + Nginx.SOCKETS_INSIDE.resolve(service) + " max_fails=0;\n";
        return "upstream " + service + " {\n" + server.repeat(2) + "}\n";
    }

    /** Its own address is where Brocker sees whether it answers. A client that names a host which is not there gets no certificate. */
    private String defaultListen() {
        String own = "listen " + Cidr.dotted(ingress.proxyAddress()) + ":" + ServiceRecord.PROXY_PORT
                + " bind default_server;\n";
        return encrypted()
                ? own + "listen " + address() + " ssl default_server" + http2Word() + ";\nssl_reject_handshake on;\n"
                : own + "listen " + address() + " default_server;\n";
    }

    private String listen() {
        if (!encrypted()) {
            return "listen " + address() + ";\n";
        }
        return "listen " + address() + " ssl" + http2Word() + ";\n"
                + (version.hasHttp2Directive() ? "http2 on;\n" : "");
    }

    private String http2Word() {
        return version.hasHttp2Directive() ? "" : " http2";
    }

    private String servers() {
        Map<HostName, List<Route>> byHost =
                routes.stream().collect(Collectors.groupingBy(Route::host, TreeMap::new, Collectors.toList()));
        return byHost.entrySet().stream()
                .map(host -> server(host.getKey(), host.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private String server(HostName host, List<Route> its) {
        String locations = its.stream()
                .sorted(Comparator.comparing(Route::path))
                .map(IngressConfiguration::location)
                .collect(Collectors.joining());
        boolean all = its.stream().anyMatch(route -> route.path().equals(PathPrefix.ALL));
        boolean handsOn = its.stream().anyMatch(route -> !(route.protocol() instanceof Protocol.Redirect));
        return HOST.fill(Map.of(
                "listen", listen(),
                "host", host.value(),
                "certificate", certificate(its),
                "agreement", AGREEMENT.text(),
                "locations", all ? locations : locations + NOBODY,
                "last-answer", handsOn ? LAST_ANSWER.text() : ""));
    }

    /** Where services that share a host have different ones, as while one after the other gets a new one, the one that expires last. */
    private static String certificate(List<Route> its) {
        Optional<Tls> longest = its.stream()
                .flatMap(route -> route.tls().stream())
                .distinct()
                .max(Comparator.comparing(tls -> CertifiedKey.read(tls).end()));
        return longest.map(tls -> "ssl_certificate " + Nginx.INSIDE + "/" + KeyFiles.certificate(tls)
                        + ";\nssl_certificate_key " + Nginx.INSIDE + "/" + KeyFiles.key(tls) + ";\n")
                .orElse("");
    }

    /** Whole segments: the path itself, and what is below it. */
    private static String location(Route route) {
        String action = "{\n" + action(route).indent(4) + "}\n";
        return route.path().equals(PathPrefix.ALL)
                ? "location / " + action
                : "location = \"" + route.path() + "\" " + action + "location \"" + route.path() + "/\" " + action;
    }

    private static String action(Route route) {
        return switch (route.protocol()) {
            case Protocol.Plain(), Protocol.Encrypted() ->
                HAND_ON.fill(Map.of("service", route.service(), "notices", Nginx.NOTICES_INSIDE));
            case Protocol.Redirect(int port) ->
                "return 308 https://" + route.host() + (port == 443 ? "" : ":" + port) + "$request_uri;";
        };
    }
}
