package brocker.daemon.proxy;

import brocker.daemon.port.Route;
import brocker.daemon.port.Upstream;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ByteSize;
import brocker.spec.Cidr;
import brocker.spec.LoadBalance;
import brocker.spec.ProxySettings;
import brocker.spec.Publish;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of {@code nginx.conf} for one service; pure.
 *
 * @param socket on which an ingress reaches it, where it has hosts
 * @param user who the workers run as
 * @param workers how many processes serve
 * @param tempSize the memory for temporary files
 */
record NginxConfiguration(
        ServiceRecord service, List<Upstream> members, Path socket, String user, int workers, ByteSize tempSize)
        implements Configuration {
    private static final Template SERVICE = Template.ours("service");
    private static final Template FORWARD = Template.ours("forward");
    private static final Template AGREEMENT = Template.ours("agreement");
    private static final Template UNAVAILABLE = Template.ours("unavailable");

    /** How many times as much as a fresh member a warm one receives: by {@code least_conn} at a time, otherwise of all. */
    private static final int WARM_WEIGHT = 8;

    NginxConfiguration {
        members = List.copyOf(members);
    }

    @Override
    public Directives directives() {
        return Directives.of(service);
    }

    @Override
    public List<Route> routes() {
        return List.of();
    }

    @Override
    public String text(String directory) {
        ProxySettings settings = service.spec().proxyOrDefault();
        Forwarded forwarded =
                new Forwarded(settings.trustedProxies(), !service.spec().hosts().isEmpty());
        NginxFrame frame = new NginxFrame(
                "the service \"" + service.name() + "\"",
                user,
                workers,
                service.spec().drainTimeoutOrDefault(),
                tempSize,
                settings.clientLimits(),
                forwarded);
        Directives directives = directives();
        return frame.around(SERVICE.fill(Map.of(
                "load-balance",
                method(service.spec().loadBalanceOrDefault()),
                "members",
                servers(),
                "listen",
                listen(),
                "max-connections-per-client",
                String.valueOf(settings.maxConnectionsPerClientOrDefault()),
                "agreement",
                AGREEMENT.text(),
                "forwarding",
                new Forwarding(settings, forwarded).text(),
                "directives",
                directives.none() ? "" : "\ninclude " + directory + "/" + directives.file() + ";",
                "locations",
                members.isEmpty()
                        ? UNAVAILABLE.text()
                        : FORWARD.fill(Map.of(
                                "stream-timeout",
                                settings.streamTimeoutOrDefault().toString(),
                                "notices",
                                Nginx.NOTICES_INSIDE)))));
    }

    /** nginx wants one at least, also where there is none. By weights {@code ip_hash} would send clients to other members than before. */
    private String servers() {
        if (members.isEmpty()) {
            return "server unix:/run/none down;";
        }
        boolean weighed = service.spec().loadBalanceOrDefault() != LoadBalance.IP_HASH
                && members.stream().anyMatch(Upstream::fresh);
        return members.stream()
                .map(member -> "server " + member + (weighed && !member.fresh() ? " weight=" + WARM_WEIGHT : "")
                        + " max_fails=1 fail_timeout=1s;")
                .collect(Collectors.joining("\n"));
    }

    private static String method(LoadBalance loadBalance) {
        return switch (loadBalance) {
            case ROUND_ROBIN -> "";
            case LEAST_CONN, IP_HASH, RANDOM -> loadBalance.text() + ";";
        };
    }

    /** {@code bind}: without it nginx would leave its own address to a published wildcard, which is the host's and not here. */
    private String listen() {
        String published = service.spec().hosts().isEmpty() ? addresses() : "listen \"unix:" + socket + "\";\n";
        return published + "listen " + Cidr.dotted(service.proxyAddress()) + ":" + ServiceRecord.PROXY_PORT + " bind;";
    }

    private String addresses() {
        return service.spec().publish().stream()
                .map(Publish::toString)
                .map(address -> "listen " + address + ";\n")
                .collect(Collectors.joining());
    }
}
