package brocker.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a user writes to add a service.
 *
 * <pre>{@code
 * {
 *   "name": "shop",
 *   "bridge-ip": "10.0.1.1",
 *   "publish": ["0.0.0.0:80", "0.0.0.0:443"],
 *   "hosts": ["shop.example"], "paths": ["/"],
 *   "tls": {"certificate": "shop.crt", "key": "shop.key"},
 *   "load-balance": "least_conn",
 *   "port": 8080,
 *   "health": {"path": "/actuator/health/readiness"},
 *   "drain-timeout": "30s",
 *   "proxy": {"max-body-size": "200m"},
 *   "nginx": ["location /static/ { root /srv; }"],
 *   "egress": true, "host-access": false,
 *   "replicas": 3,
 *   "container": {"command": "/usr/bin/java -jar /app/shop.jar", "copy-file": true, "file": "target/shop.jar"},
 *   "deploy": {"max-surge": 1, "rollback-on-failure": true}
 * }
 * }</pre>
 *
 * @param publish in JSON one string, or an array of them
 * @param nginx directives of the user's own for the {@code server} block; in JSON one string, or an array of them, a line each
 * @param hosts by which clients call it; where there are any it shares its addresses with other services that have some, see {@link
 *     Hosting}
 * @param paths what it serves of these hosts
 * @param tls in JSON one object, or an array of them
 * @param egress whether its containers reach what is beyond the host, with the host's address
 * @param hostAccess whether its containers reach the host's own programs at the address of the bridge
 */
public record ServiceSpec(
        ServiceName name,
        Optional<Cidr> bridgeIp,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Publish> publish,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<HostName> hosts,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<PathPrefix> paths,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Tls> tls,

        Optional<LoadBalance> loadBalance,
        Optional<Integer> port,
        Optional<Health> health,
        Optional<Timespan> drainTimeout,
        Optional<ProxySettings> proxy,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> nginx,

        boolean egress,
        boolean hostAccess,
        Optional<Integer> replicas,
        Optional<ContainerSpec> container,
        Optional<Deploy> deploy) {
    /** The most replicas a service may have. */
    public static final int MAX_REPLICAS = 200;

    private static final int LONGEST_DIRECTIVES = 64 << 10;

    public ServiceSpec {
        publish = List.copyOf(publish);
        nginx = List.copyOf(nginx);
        requireDirectives(nginx);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        tls = List.copyOf(tls);
        bridgeIp.ifPresent(ServiceSpec::requireBridgeAddress);
        for (int i = 0; i < publish.size(); i++) {
            for (Publish earlier : publish.subList(0, i)) {
                if (publish.get(i).collides(earlier)) {
                    throw new BrockerException.Invalid(
                                    "invalid-publish",
                                    "\"" + publish.get(i) + "\" collides with \"" + earlier + "\"",
                                    "publish an address and port once")
                            .at("publish");
                }
            }
        }
        var _ = new Hosting(publish, hosts, paths, tls);
        port.filter(number -> number < 1 || number > 65535).ifPresent(number -> {
            throw new BrockerException.Invalid("invalid-port", "\"" + number + "\" is not a port", "write 1 to 65535")
                    .at("port");
        });
        replicas.ifPresent(ServiceSpec::requireReplicas);
        if (replicas.isPresent() && container.isEmpty()) {
            throw new BrockerException.Invalid(
                            "missing-template",
                            "\"replicas\" is given but there is no \"container\" to start",
                            "add the template: a container file without \"service-name\"")
                    .at("replicas");
        }
        if (container.flatMap(ContainerSpec::serviceName).isPresent()) {
            throw new BrockerException.Invalid(
                            "invalid-template",
                            "\"container\" may not have a \"service-name\": it belongs to \"" + name + "\"",
                            "remove the key \"service-name\"")
                    .at("container");
        }
        container
                .flatMap(ContainerSpec::restart)
                .filter(policy -> !policy.equals(RestartPolicy.ALWAYS))
                .ifPresent(policy -> {
                    throw new BrockerException.Invalid(
                                    "invalid-template",
                                    "the template's \"restart\" cannot be \"" + policy
                                            + "\": a replica that ends is always replaced",
                                    "remove the key \"restart\"")
                            .at("container");
                });
    }

    /** The same with another template, as when its files have become artifacts. */
    public ServiceSpec withContainer(ContainerSpec template) {
        return with(replicas, Optional.of(template), tls);
    }

    /** The same with other certificates, as when their files have become text. */
    public ServiceSpec withTls(List<Tls> certificates) {
        return with(replicas, container, certificates);
    }

    /** The same with another number of replicas. */
    public ServiceSpec withReplicas(int number) {
        return with(Optional.of(number), container, tls);
    }

    private ServiceSpec with(Optional<Integer> newReplicas, Optional<ContainerSpec> newContainer, List<Tls> newTls) {
        return new ServiceSpec(
                name,
                bridgeIp,
                publish,
                hosts,
                paths,
                newTls,
                loadBalance,
                port,
                health,
                drainTimeout,
                proxy,
                nginx,
                egress,
                hostAccess,
                newReplicas,
                newContainer,
                deploy);
    }

    /** Where it is reached; it has no hosts where it shares nothing. */
    public Hosting hosting() {
        return new Hosting(publish, hosts, paths, tls);
    }

    /**
     * Checks a number of replicas.
     *
     * @throws BrockerException.Invalid where no service may have as many
     */
    public static void requireReplicas(int number) {
        if (number < 1 || number > MAX_REPLICAS) {
            throw new BrockerException.Invalid(
                            "invalid-replicas",
                            "\"" + number + "\" is not a number of replicas",
                            "write 1 to " + MAX_REPLICAS)
                    .at("replicas");
        }
    }

    /** How many replicas Brocker keeps running: none without a template, one where no number is written. */
    public int desiredReplicas() {
        return container.isEmpty() ? 0 : replicas.orElse(1);
    }

    public LoadBalance loadBalanceOrDefault() {
        return loadBalance.orElse(LoadBalance.LEAST_CONN);
    }

    /** The port on which the containers listen. */
    public int portOrDefault() {
        return port.orElse(8080);
    }

    public Health healthOrDefault() {
        return health.orElse(Health.DEFAULT);
    }

    public ProxySettings proxyOrDefault() {
        return proxy.orElse(ProxySettings.DEFAULT);
    }

    public Deploy deployOrDefault() {
        return deploy.orElse(Deploy.DEFAULT);
    }

    /** How long requests in flight may go on at a container that is leaving. */
    public Duration drainTimeoutOrDefault() {
        return drainTimeout.map(Timespan::duration).orElse(Duration.ofSeconds(30));
    }

    private static void requireDirectives(List<String> lines) {
        int length = lines.stream().mapToInt(line -> line.length() + 1).sum();
        if (length > LONGEST_DIRECTIVES || lines.stream().anyMatch(line -> line.indexOf('\0') >= 0)) {
            throw new BrockerException.Invalid(
                            "invalid-nginx",
                            "what is written there is not taken: " + length + " characters",
                            "at most " + LONGEST_DIRECTIVES + ", without NUL")
                    .at("nginx");
        }
    }

    private static void requireBridgeAddress(Cidr bridge) {
        int first = bridge.bits() >>> 24;
        boolean unusable = first == 0 || first == 127 || first >= 224 || (bridge.bits() >>> 16) == (169 << 8 | 254);
        boolean notAHost = bridge.bits() == bridge.network() || bridge.bits() == bridge.broadcast();
        if (unusable || notAHost || bridge.prefix() < 16 || bridge.prefix() > 29) {
            throw new BrockerException.Invalid(
                            "invalid-bridge-address",
                            "\"" + bridge + "\" cannot be the address of a bridge",
                            "use a host address of a private network with a prefix length of 16 to 29, such as"
                                    + " \"10.0.1.1/24\"")
                    .at("bridge-ip");
        }
    }
}
