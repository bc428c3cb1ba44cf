package brocker.daemon.proxy;

import brocker.daemon.allocation.IngressSockets;
import brocker.daemon.port.Proxy;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.Route;
import brocker.daemon.port.Traffic;
import brocker.daemon.port.TrafficMeter;
import brocker.daemon.port.Upstream;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.runtime.CommandPlan;
import brocker.runtime.Container;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.process.Credentials;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.ByteSize;
import brocker.spec.CapabilityChange;
import brocker.spec.Command;
import brocker.spec.ContainerSpec;
import brocker.spec.Mount;
import brocker.spec.ProcessSettings;
import brocker.spec.Seccomp;
import brocker.spec.Signal;
import brocker.spec.Tmpfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The distribution's nginx as the proxy, configured from a directory that its container sees, read-only, as {@code /etc/nginx}.
 *
 * @param configurations one directory a service lies here
 * @param ingressSockets on which services with hosts listen
 * @param meters what the nginxes report goes there
 */
public record Nginx(
        Path program,
        Path configurations,
        IngressSockets ingressSockets,
        ContainerRuntime runtime,
        RequestMeters meters)
        implements Proxy {
    static final String INSIDE = "/etc/nginx";

    /** Where an ingress sees the services' sockets. */
    static final Path SOCKETS_INSIDE = Path.of("/run/ingress");

    private static final String NOTICES = "leaving";

    /** Where a worker sees what is said to it. */
    static final String NOTICES_INSIDE = INSIDE + "/" + NOTICES;

    /** Where temporary files lie; named by {@code nginx.conf.template} as well. */
    static final String TEMP = "/tmp";

    private static final int MOST_WORKERS = 4;

    @Override
    public void requireInstalled() {
        if (!Files.isExecutable(program)) {
            throw new BrockerException.Host(
                    "nginx-missing",
                    "nginx is not installed: no \"" + program + "\"",
                    "install it: apt-get install nginx-light");
        }
    }

    @Override
    public ContainerSpec prepare(ServiceRecord service, Traffic traffic) {
        NginxDirectory directory = directory(service);
        directory.doubt();
        directory.write(NginxDirectory.FILE, configuration(service, traffic), Optional.empty());
        notices(service).clear();
        ContainerSpec plain = ContainerSpec.of(service.name(), command());
        return plain.withMounts(mounts(service, directory))
                .withTmpfs(List.of(new Tmpfs(TEMP, Optional.of(tempSize(service)))))
                .withStopSignal(Signal.SIGQUIT);
    }

    /** What runs in a proxy's container. */
    Command command() {
        return new Command(
                List.of(program.toString(), "-p", "/app", "-e", "stderr", "-c", INSIDE + "/" + NginxDirectory.FILE));
    }

    /** One more command in a proxy's container, with what its first one has. */
    CommandPlan plan(Command command, List<Fd> sockets) {
        return new CommandPlan(
                command,
                inheritance(sockets.size()),
                Credentials.ROOT,
                runtime.privileges(CapabilityChange.NONE, new Seccomp.Default()),
                runtime.limits().processLimits(ProcessSettings.DEFAULT),
                "/app",
                sockets);
    }

    private List<Mount> mounts(ServiceRecord service, NginxDirectory directory) {
        Mount configuration = new Mount(directory.path().toString(), INSIDE, true);
        if (!service.ingress()) {
            return List.of(configuration);
        }
        ingressSockets.makeDirectory();
        return List.of(
                configuration, new Mount(ingressSockets.directory().toString(), SOCKETS_INSIDE.toString(), true));
    }

    @Override
    public void handOver(ServiceRecord service, Optional<UserIds> users) {
        new KeyFiles(directory(service).path()).handOver(users);
    }

    @Override
    public void answered(ServiceRecord service) {
        directory(service).settle();
    }

    @Override
    public Optional<BrockerException> refusal(ServiceRecord service, String lastWords) {
        return Directives.of(service).refusal(lastWords);
    }

    /** nginx takes the listening sockets named there from whoever executed it, and listens on them instead of its own. */
    @Override
    public Map<String, String> inheritance(int sockets) {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < sockets; i++) {
            numbers.append(InitProgram.FIRST_COMMAND_SOCKET + i).append(';');
        }
        return sockets == 0 ? Map.of() : Map.of("NGINX", numbers.toString());
    }

    @Override
    public ProxyControl control(
            ServiceRecord service, Container container, List<Fd> sockets, Consumer<Optional<String>> listener) {
        return new NginxControl(this, service, ContainerRuntime.own(container), sockets, listener);
    }

    @Override
    public Fd openLog(ServiceRecord service) {
        return directory(service).openLog();
    }

    @Override
    public void follow(ServiceRecord service, Fd log) {
        meters.follow(service.name(), log);
    }

    @Override
    public TrafficMeter meter(ServiceRecord service) {
        return meters.of(service.name());
    }

    @Override
    public void forget(ServiceRecord service) {
        meters.forget(service.name());
        directory(service).delete();
    }

    /** Where its workers are told that they will leave. */
    Notices notices(ServiceRecord service) {
        return new Notices(directory(service).path().resolve(NOTICES));
    }

    NginxDirectory directory(ServiceRecord service) {
        return new NginxDirectory(configurations.resolve(service.name().value()), INSIDE);
    }

    Configuration configuration(ServiceRecord service, Traffic traffic) {
        return switch (traffic) {
            case Traffic.ToMembers(List<Upstream> members) ->
                new NginxConfiguration(
                        service, members, ingressSockets.of(service), workerUser(), workers(), tempSize(service));
            case Traffic.ToServices(List<Route> routes) ->
                new IngressConfiguration(service, routes, NginxVersion.of(program), workerUser(), workers());
        };
    }

    /** How much memory a proxy's temporary files may take. */
    ByteSize tempSize(ServiceRecord service) {
        return service.ingress()
                ? IngressConfiguration.TEMP_SIZE
                : service.spec()
                        .proxyOrDefault()
                        .tempSizeOrDefault(runtime.cgroups().capacity().memory());
    }

    /** How many worker processes each proxy has. */
    static int workers() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_WORKERS);
    }

    /** The distribution's own user for it: Debian's, otherwise Red Hat's, otherwise nobody. */
    private static String workerUser() {
        try {
            List<String> users = Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.substring(0, Math.max(0, line.indexOf(':'))))
                    .toList();
            Optional<String> known =
                    Stream.of("www-data", "nginx").filter(users::contains).findFirst();
            return known.orElse("nobody");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
