package brocker.daemon;

import brocker.daemon.allocation.IngressSockets;
import brocker.daemon.api.ApiServer;
import brocker.daemon.api.Token;
import brocker.daemon.check.HostCheck;
import brocker.daemon.connection.ListeningSockets;
import brocker.daemon.connection.LocalGroup;
import brocker.daemon.fault.Faults;
import brocker.daemon.file.Artifacts;
import brocker.daemon.file.Directories;
import brocker.daemon.file.FileRemover;
import brocker.daemon.file.LocalFiles;
import brocker.daemon.health.NetworkProbes;
import brocker.daemon.linux.ControlGroups;
import brocker.daemon.linux.HostBridges;
import brocker.daemon.linux.LinuxRuntime;
import brocker.daemon.names.NameService;
import brocker.daemon.orchestrator.Orchestrator;
import brocker.daemon.port.Host;
import brocker.daemon.proxy.Nginx;
import brocker.daemon.proxy.RequestMeters;
import brocker.daemon.store.SqliteStore;
import brocker.daemon.turn.Waiting;
import brocker.kernel.Linux;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.cgroup.Cgroups;
import brocker.spec.BrockerException;
import brocker.spec.wire.HostFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The parts of a running daemon, wired by hand. Closing it leaves the containers as they are. */
final class Daemon implements AutoCloseable {
    /** What is not closed by its own permissions or by a directory above it, the programs in containers may read. */
    private static final int UMASK = 022;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Orchestrator orchestrator;
    private final ListeningSockets sockets;

    /**
     * Starts everything; when it returns, requests are served. What takes long in a runtime that has just begun, and does not need the
     * rest, is done beside it: reading the store while the kernel's functions are bound, building the server while containers are found.
     *
     * @throws BrockerException when the host or another daemon does not let it
     */
    Daemon(Settings settings, Installation installation) {
        try (ExecutorService beside = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("beside").daemon().factory())) {
            Optional<SSLContext> tls = settings.tls().map(TlsFiles::context);
            requireRoot();
            Linux.umask(UMASK);
            // Nothing of the host is touched before this daemon is known to be its only one, and the port to be free.
            HostLocks locks = own(HostLocks.open());
            locks.takeNetwork();
            locks.takeGroup(Cgroups.home(settings.cgroupParent()), settings.cgroupParent());
            Path run = LocalGroup.shareDirectory(settings.runDir());
            locks.takeDirectoryWithFile("run directory", run);
            sockets = own(ListeningSockets.open(settings.listen(), run, System.getenv()));
            Path state = directory(settings.stateDir(), "rwx------");
            // What is below is for the users of a container, and for nobody outside of it.
            Path containers = directory(settings.containerDir(), "rwx------");
            locks.takeDirectoryWithFile("state directory", state);
            locks.takeDirectory("container directory", containers);
            Future<SqliteStore> opened = own(beside.submit(() -> openAndRead(state.resolve("brocker.db"))));
            ContainerRuntime runtime = own(
                    ContainerRuntime.open(installation.initProgram(), settings.cgroupParent(), run.resolve("root")));
            SqliteStore store = Waiting.on(opened);
            Artifacts artifacts = new Artifacts(state.resolve("artifacts"));
            NameService names = own(new NameService(Path.of("/etc/resolv.conf")));
            IngressSockets ingressSockets = IngressSockets.in(run);
            Nginx nginx = new Nginx(
                    installation.nginx(), state.resolve("proxies"), ingressSockets, runtime, own(new RequestMeters()));
            Directories directories = new Directories(containers, state, run);
            Faults faults = new Faults(store);
            FileRemover remover = own(new FileRemover(directories, store::note));
            LocalFiles files = new LocalFiles(directories, artifacts, remover);
            Host host = new Host(
                    own(new LinuxRuntime(runtime, files)),
                    files,
                    new HostBridges(runtime.network()),
                    new ControlGroups(runtime.cgroups()));
            orchestrator = own(new Orchestrator(
                    host,
                    new NetworkProbes(files::hasActuator),
                    store,
                    nginx,
                    names,
                    faults,
                    artifacts,
                    ingressSockets));
            HostCheck check = new HostCheck(installation.nginx(), installation.initProgram(), settings.cgroupParent());
            Supplier<List<HostFinding>> findings =
                    () -> Stream.of(check.findings(), orchestrator.findings(), remover.findings())
                            .flatMap(List::stream)
                            .toList();
            Token token = Token.in(run.resolve("token"));
            own(new RunDirectory(run.resolve("token"), () -> {
                LocalGroup.shareDirectory(run);
                locks.takeDirectoryWithFile("run directory", run);
                token.restore(run.resolve("token"));
            }));
            Future<ApiServer> built = own(beside.submit(
                    () -> new ApiServer(sockets, tls, token, orchestrator, artifacts, store.events(), findings)));
            remover.resume(faults);
            orchestrator.recover(settings.listen().getPort());
            Waiting.on(built).start();
            runtime.warmUp();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The owner of a process in {@code proc(5)} is its effective user. */
    private static void requireRoot() {
        try {
            if (!Objects.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), 0)) {
                throw new BrockerException.Host("not-root", "brockerd needs root", "sudo brockerd");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything is read once, so that what reading takes is loaded already when it counts. */
    private static SqliteStore openAndRead(Path file) {
        SqliteStore store = SqliteStore.open(file);
        try {
            store.read();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** What it has found or has by now, such as {@code 2 services, 5 containers}. */
    String summary() {
        return orchestrator.services().size() + " services, "
                + orchestrator.containers(false).size() + " containers";
    }

    /** Where the daemon answers without a token. */
    Path unixSocket() {
        return sockets.path();
    }

    void stopContainers() {
        orchestrator.stopContainers();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.getLogger(Daemon.class.getName()).log(System.Logger.Level.ERROR, "closing", e);
            }
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** What has come of it by the time of closing; nothing where it failed. */
    private <T extends AutoCloseable> Future<T> own(Future<T> part) {
        parts.push(() -> {
            if (part.state() == Future.State.SUCCESS) {
                part.resultNow().close();
            }
        });
        return part;
    }

    private static Path directory(Path path, String permissions) {
        try {
            Files.createDirectories(path);
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
