package brocker.daemon.linux;

import brocker.daemon.file.LocalFiles;
import brocker.daemon.port.Connector;
import brocker.daemon.port.HostRuntime;
import brocker.daemon.port.StartRequest;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Waiting;
import brocker.kernel.ProcessIdentity;
import brocker.runtime.CommandPlan;
import brocker.runtime.Container;
import brocker.runtime.ContainerPlan;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.ExecSession;
import brocker.runtime.cgroup.CpuWeight;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.network.NamespaceSockets;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.spec.BrockerException;
import brocker.spec.Command;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.LogLimits;
import brocker.spec.wire.ContainerStats;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.Role;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Turns records into running containers and back. What blocks in the kernel runs on platform threads of its own, so it may be called
 * from virtual ones. Thread-safe.
 */
public final class LinuxRuntime implements HostRuntime, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LinuxRuntime.class.getName());
    private static final Path ROOT = Path.of("/");
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ContainerRuntime runtime;
    private final LocalFiles files;
    private final String bootId = ProcessIdentity.bootId();
    private final ExecutorService platform = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("runtime-", 0).daemon().factory());

    public LinuxRuntime(ContainerRuntime runtime, LocalFiles files) {
        this.runtime = runtime;
        this.files = files;
    }

    @Override
    public String bootId() {
        return bootId;
    }

    @Override
    public void require(ContainerSpec spec) {
        require(spec.limits());
        runtime.limits().require(spec.processSettings());
    }

    @Override
    public void require(ContainerLimits limits) {
        runtime.cgroups().require(Limits.of(limits));
    }

    @Override
    public void prepare(ContainerRecord container) {
        run(() -> files.prepare(container, user(container)));
    }

    @Override
    public Container start(StartRequest request) {
        ContainerRecord container = request.container();
        return blocking(() -> {
            Container running = runtime.start(plan(request, user(container)));
            if (container.role() == Role.REPLICA) {
                weighHere(container, CpuWeight.STARTING);
            }
            return running;
        });
    }

    @Override
    public Optional<Container> find(ContainerRecord container) {
        return container
                .start()
                .filter(start -> start.bootId().equals(bootId))
                .flatMap(start -> runtime.adopt(container.name(), start.init(), container.users()));
    }

    @Override
    public ExecSession exec(ContainerRecord record, Container container, ExecRequest request) {
        ContainerSpec spec = record.spec();
        Map<String, String> env = env(record, Map.of());
        env.putAll(request.env());
        Credentials user = request.user()
                .map(name -> Credentials.resolve(name, root(spec)))
                .orElseGet(() -> user(spec));
        record.users().ifPresent(users -> users.require(user));
        CommandPlan plan = new CommandPlan(
                new Command(request.command()),
                env,
                user,
                privileges(record),
                runtime.limits().processLimits(spec.processSettings()),
                request.workingDirectory().orElse(spec.workingDirectoryOrDefault()),
                List.of());
        return blocking(() -> runtime.exec(ContainerRuntime.own(container), plan));
    }

    @Override
    public Connector connector(Container container) {
        NamespaceSockets sockets = runtime.sockets(ContainerRuntime.own(container));
        return new Connector() {
            @Override
            public SocketChannel open() throws IOException {
                return sockets.open();
            }

            @Override
            public void close() {
                sockets.close();
            }
        };
    }

    @Override
    public void limit(ContainerRecord container) {
        run(() -> runtime.cgroups()
                .update(container.name().value(), Limits.of(container.spec().limits())));
    }

    @Override
    public long oomKills(ContainerName container) {
        return blocking(() -> runtime.cgroups().oomKills(container.value()));
    }

    @Override
    public List<ContainerStats> stats(List<ContainerRecord> containers) {
        return blocking(() -> Stats.of(runtime, containers));
    }

    @Override
    public void weigh(ContainerRecord container, CpuWeight weight) {
        run(() -> weighHere(container, weight));
    }

    /** The same, on this thread. */
    private void weighHere(ContainerRecord container, CpuWeight weight) {
        try {
            runtime.cgroups().weigh(container.name().value(), weight);
        } catch (BrockerException.Host e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "container \"" + container.name().abbreviated() + "\": " + e.message());
        }
    }

    @Override
    public void killRest(ContainerName container) {
        run(() -> ControlGroups.kill(runtime.cgroups(), container.value()));
    }

    @Override
    public void release(ContainerName container, Optional<String> hostEnd) {
        run(() -> hostEnd.ifPresentOrElse(
                end -> runtime.delete(container, end), () -> runtime.cgroups().delete(container.value())));
    }

    /** Runs work that blocks in the kernel on a platform thread. */
    private <T> T blocking(Callable<T> work) {
        return Waiting.on(platform.submit(work));
    }

    private void run(Runnable work) {
        Waiting.on(platform.submit(work));
    }

    @Override
    public void close() {
        platform.shutdown();
    }

    private ContainerPlan plan(StartRequest request, Credentials user) {
        ServiceRecord service = request.service();
        ContainerRecord container = request.container();
        ContainerSpec spec = container.spec();
        return new ContainerPlan(
                container.name(),
                new CommandPlan(
                        spec.command(),
                        env(container, request.env()),
                        user,
                        privileges(container),
                        runtime.limits().processLimits(spec.processSettings()),
                        spec.workingDirectoryOrDefault(),
                        request.sockets()),
                container.users(),
                spec.hostname().orElse(container.name().abbreviated()),
                Limits.of(spec.limits()),
                spec.rootfs().map(Path::of),
                spec.rootfs().map(_ -> files.layers(container)),
                spec.mounts(),
                writable(spec, request.others()),
                // What the proxy reads there everybody may read; so it needs no file system that can map ids.
                container.role() != Role.PROXY,
                spec.tmpfs(),
                spec.readOnly(),
                spec.log().orElse(LogLimits.DEFAULT),
                service.address().withAddress(container.address()),
                service.address().bits(),
                container.hostEnd(),
                service.bridge(),
                service.spec().egress(),
                files.directories().app(container.name()),
                files.directories().record(container.name()));
    }

    /** What a command finds in its environment: what any program expects, who it is, and the user's own variables. */
    private static Map<String, String> env(ContainerRecord container, Map<String, String> extra) {
        Map<String, String> env = new HashMap<>();
        env.put("PATH", PATH);
        env.put("HOME", "/app");
        env.put("LANG", "C.UTF-8");
        env.put("BROCKER_CONTAINER", container.name().value());
        env.put("BROCKER_SERVICE", container.service().value());
        env.putAll(extra);
        env.putAll(container.spec().env());
        return env;
    }

    private static Credentials user(ContainerSpec spec) {
        return spec.user().map(name -> Credentials.resolve(name, root(spec))).orElse(Credentials.ROOT);
    }

    private static Credentials user(ContainerRecord container) {
        Credentials user = user(container.spec());
        container.users().ifPresent(users -> users.require(user));
        return user;
    }

    private Privileges privileges(ContainerRecord container) {
        ContainerSpec spec = container.spec();
        if (container.users().isEmpty()) {
            runtime.requireHeld(spec.capabilitiesOrDefault());
        }
        return runtime.privileges(spec.capabilitiesOrDefault(), spec.seccompOrDefault());
    }

    private static Path root(ContainerSpec spec) {
        return spec.rootfs().map(Path::of).orElse(ROOT);
    }

    /** Where this container or another one can make what it likes. */
    private List<Path> writable(ContainerSpec spec, Supplier<Stream<ContainerSpec>> others) {
        if (spec.mounts().isEmpty() && spec.rootfs().isEmpty()) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of(files.directories().containers()),
                        Stream.concat(Stream.of(spec), others.get()).flatMap(LinuxRuntime::given))
                .distinct()
                .toList();
    }

    /** What a container is given of the host to write to; who is given all of it can change any link anyway. */
    private static Stream<Path> given(ContainerSpec spec) {
        return spec.mounts().stream()
                .filter(mount -> !mount.readOnly())
                .map(mount -> Path.of(mount.source()).normalize())
                .filter(source -> !source.equals(ROOT));
    }
}
