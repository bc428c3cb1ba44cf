package brocker.daemon.proxy;

import brocker.daemon.orchestrator.IngressSockets;
import brocker.daemon.orchestrator.Proxy;
import brocker.daemon.orchestrator.ProxyControl;
import brocker.daemon.orchestrator.Route;
import brocker.daemon.orchestrator.ServiceRecord;
import brocker.daemon.orchestrator.Traffic;
import brocker.daemon.orchestrator.Upstream;
import brocker.kernel.Fd;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.RunningContainer;
import brocker.runtime.process.InitProgram;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.Command;
import brocker.spec.ContainerSpec;
import brocker.spec.Mount;
import brocker.spec.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The distribution's nginx as the proxy, configured from a directory that its container sees, read-only, as {@code /etc/nginx}.
 *
 * @param configurations one directory a service lies here
 * @param ingressSockets on which services with hosts listen
 */
public record Nginx(Path program, Path configurations, IngressSockets ingressSockets, ContainerRuntime runtime)
        implements Proxy {
    static final String INSIDE = "/etc/nginx";

    /** Where an ingress sees the services' sockets. */
    static final Path SOCKETS_INSIDE = Path.of("/run/ingress");

    private static final String FILE = "nginx.conf";
    private static final String CANDIDATE = "nginx.conf.candidate";

    /** What nginx is known to run; not there while it may run something else. */
    private static final String RUNNING = "nginx.conf.running";

    private static final String NOTICES = "leaving";

    /** Where a worker sees what is said to it. */
    static final String NOTICES_INSIDE = INSIDE + "/" + NOTICES;

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
        doubt(service);
        write(service, FILE, traffic, Optional.empty());
        notices(service).clear();
        Command command =
                new Command(List.of(program.toString(), "-p", "/app", "-e", "stderr", "-c", INSIDE + "/" + FILE));
        ContainerSpec plain = ContainerSpec.of(service.name(), command);
        return plain.withMounts(mounts(service)).withStopSignal(Signal.SIGQUIT);
    }

    private List<Mount> mounts(ServiceRecord service) {
        Mount configuration = new Mount(directory(service).toString(), INSIDE, true);
        if (!service.ingress()) {
            return List.of(configuration);
        }
        ingressSockets.makeDirectory();
        return List.of(
                configuration, new Mount(ingressSockets.directory().toString(), SOCKETS_INSIDE.toString(), true));
    }

    @Override
    public void handOver(ServiceRecord service, Optional<UserIds> users) {
        new KeyFiles(directory(service)).handOver(users);
    }

    @Override
    public void answered(ServiceRecord service) {
        settle(service);
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
    public ProxyControl control(ServiceRecord service, RunningContainer container, List<Fd> sockets) {
        return new NginxControl(this, service, container, sockets);
    }

    @Override
    public void forget(ServiceRecord service) {
        notices(service).clear();
        try (Stream<Path> files = Files.exists(directory(service)) ? Files.list(directory(service)) : Stream.empty()) {
            List<Path> all = new ArrayList<>(files.toList());
            all.add(directory(service));
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where its workers are told that they will leave. */
    Notices notices(ServiceRecord service) {
        return new Notices(directory(service).resolve(NOTICES));
    }

    /** The command that checks the candidate. */
    Command checkCandidate() {
        return new Command(
                List.of(program.toString(), "-t", "-q", "-p", "/app", "-e", "stderr", "-c", INSIDE + "/" + CANDIDATE));
    }

    /** Writes a configuration beside the one in use. */
    void writeCandidate(ServiceRecord service, Traffic traffic, Optional<UserIds> users) {
        write(service, CANDIDATE, traffic, users);
    }

    /** Makes the candidate the configuration that the next reload reads. */
    void useCandidate(ServiceRecord service) {
        try {
            Files.move(
                    directory(service).resolve(CANDIDATE),
                    directory(service).resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nginx is known to do this already. */
    boolean runs(ServiceRecord service, Traffic traffic) {
        try {
            return Files.readString(directory(service).resolve(RUNNING)).equals(text(service, traffic));
        } catch (NoSuchFileException _) {
            // Not known.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From here on it may run the configuration of before, or the next one. */
    void doubt(ServiceRecord service) {
        try {
            Files.deleteIfExists(directory(service).resolve(RUNNING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It runs the configuration that is in use. */
    void settle(ServiceRecord service) {
        try {
            Path file = directory(service).resolve(FILE);
            Files.createLink(directory(service).resolve(RUNNING), file);
            new KeyFiles(directory(service)).retain(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many worker processes each proxy has. */
    static int workers() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_WORKERS);
    }

    private void write(ServiceRecord service, String file, Traffic traffic, Optional<UserIds> users) {
        try {
            Files.createDirectories(directory(service));
            if (traffic instanceof Traffic.ToServices(List<Route> routes)) {
                new KeyFiles(directory(service)).write(routes, users);
            }
            Files.writeString(directory(service).resolve(file), text(service, traffic));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(ServiceRecord service, Traffic traffic) throws IOException {
        return switch (traffic) {
            case Traffic.ToMembers(List<Upstream> members) ->
                new NginxConfiguration(service, members, ingressSockets.of(service), workerUser(), workers()).text();
            case Traffic.ToServices(List<Route> routes) ->
                new IngressConfiguration(service, routes, NginxVersion.of(program), workerUser(), workers()).text();
        };
    }

    private Path directory(ServiceRecord service) {
        return configurations.resolve(service.name().value());
    }

    /** The distribution's own user for it: Debian's, otherwise Red Hat's, otherwise nobody. */
    private static String workerUser() throws IOException {
        List<String> users = Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.substring(0, Math.max(0, line.indexOf(':'))))
                .toList();
        Optional<String> known =
                Stream.of("www-data", "nginx").filter(users::contains).findFirst();
        return known.orElse("nobody");
    }
}
