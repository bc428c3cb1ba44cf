package brocker.daemon.orchestrator;

import brocker.daemon.file.ContainerFiles;
import brocker.daemon.health.SpringBoot;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.turn.Waiting;
import brocker.kernel.Fd;
import brocker.runtime.CommandPlan;
import brocker.runtime.ContainerPlan;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.ExecSession;
import brocker.runtime.RunningContainer;
import brocker.runtime.cgroup.CpuWeight;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.privilege.Privileges;
import brocker.runtime.process.Credentials;
import brocker.spec.Artifact;
import brocker.spec.BrockerException;
import brocker.spec.Command;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.LogLimits;
import brocker.spec.wire.ExecRequest;
import brocker.spec.wire.Role;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Turns records into running containers and back. What blocks in the kernel runs on platform threads of its own, so it may be called
 * from virtual ones. Thread-safe.
 */
final class Launcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());
    private static final Path ROOT = Path.of("/");
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final ContainerRuntime runtime;
    private final ContainerFiles files;
    private final Supplier<Stream<ContainerSpec>> others;
    private final ExecutorService platform = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("runtime-", 0).daemon().factory());

    /** @param others what every container that is known was made from */
    Launcher(ContainerRuntime runtime, ContainerFiles files, Supplier<Stream<ContainerSpec>> others) {
        this.runtime = runtime;
        this.files = files;
        this.others = others;
    }

    /** Makes a container's directories, with the artifacts that it is to find in {@code /app}. */
    void prepare(ContainerRecord container) {
        blocking(() -> {
            files.prepare(container, user(container));
            return true;
        });
    }

    /** Whether an artifact is a Spring Boot application with the actuator. */
    boolean hasActuator(Artifact artifact) {
        return SpringBoot.hasActuator(artifact.name(), files.artifacts().path(artifact));
    }

    /**
     * Starts a container whose directories are there; a failure leaves nothing else of it on the host. A replica yields the processors
     * from now on.
     */
    RunningContainer start(
            ServiceRecord service, ContainerRecord container, Map<String, String> extra, List<Fd> sockets) {
        return blocking(() -> {
            RunningContainer running = runtime.start(plan(service, container, user(container), extra, sockets));
            if (container.role() == Role.REPLICA) {
                weighHere(container, CpuWeight.STARTING);
            }
            return running;
        });
    }

    /** Runs one more command in a container. */
    ExecSession exec(
            ContainerRecord container,
            RunningContainer running,
            ExecRequest request,
            Map<String, String> extra,
            List<Fd> sockets) {
        ContainerSpec spec = container.spec();
        Map<String, String> env = env(container, extra);
        env.putAll(request.env());
        Credentials user = request.user()
                .map(name -> Credentials.resolve(name, root(spec)))
                .orElseGet(() -> user(spec));
        container.users().ifPresent(users -> users.require(user));
        CommandPlan plan = new CommandPlan(
                new Command(request.command()),
                env,
                user,
                privileges(container),
                runtime.limits().processLimits(spec.processSettings()),
                request.workingDirectory().orElse(spec.workingDirectoryOrDefault()),
                sockets);
        return blocking(() -> runtime.exec(running, plan));
    }

    /** How many of a container's processes the kernel has killed for lack of memory, as long as its group is there. */
    long oomKills(ContainerName container) {
        return blocking(() -> runtime.cgroups().oomKills(container.value()));
    }

    /** How a container shares the processors with the others; where the kernel does not let it, as for one that ends, it stays as it was. */
    void weigh(ContainerRecord container, CpuWeight weight) {
        blocking(() -> {
            weighHere(container, weight);
            return true;
        });
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

    /** Removes what the kernel holds of a container that has ended. */
    void release(ContainerRecord container) {
        blocking(() -> {
            runtime.delete(container.name(), container.hostEnd());
            return true;
        });
    }

    /** Runs work that blocks in the kernel on a platform thread. */
    <T> T blocking(Callable<T> work) {
        return Waiting.on(platform.submit(work));
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    ContainerFiles files() {
        return files;
    }

    @Override
    public void close() {
        platform.shutdown();
    }

    private ContainerPlan plan(
            ServiceRecord service,
            ContainerRecord container,
            Credentials user,
            Map<String, String> extra,
            List<Fd> sockets) {
        ContainerSpec spec = container.spec();
        return new ContainerPlan(
                container.name(),
                new CommandPlan(
                        spec.command(),
                        env(container, extra),
                        user,
                        privileges(container),
                        runtime.limits().processLimits(spec.processSettings()),
                        spec.workingDirectoryOrDefault(),
                        sockets),
                container.users(),
                spec.hostname().orElse(container.name().abbreviated()),
                Limits.of(spec.limits()),
                spec.rootfs().map(Path::of),
                spec.rootfs().map(_ -> files.layers(container)),
                spec.mounts(),
                writable(spec),
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
    private List<Path> writable(ContainerSpec spec) {
        if (spec.mounts().isEmpty() && spec.rootfs().isEmpty()) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of(files.directories().containers()),
                        Stream.concat(Stream.of(spec), others.get()).flatMap(Launcher::given))
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

    static BrockerException.Host unexpectedEnd(String program, int code, String lastWords) {
        return new BrockerException.Host(
                "proxy-ended",
                "\"" + program + "\" ended with code " + code + (lastWords.isEmpty() ? "" : ": " + lastWords),
                "");
    }
}
