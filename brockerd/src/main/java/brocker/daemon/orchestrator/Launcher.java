package brocker.daemon.orchestrator;

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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Turns records into running containers and back. What blocks in the kernel runs on platform threads of its own, so it may be called
 * from virtual ones. Thread-safe.
 */
final class Launcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());
    private static final Path ETC = Path.of("/etc");
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final long LAST_BYTES = 64 << 10;

    private final ContainerRuntime runtime;
    private final Directories directories;
    private final Artifacts artifacts;
    private final ExecutorService platform = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("runtime-", 0).daemon().factory());

    Launcher(ContainerRuntime runtime, Directories directories, Artifacts artifacts) {
        this.runtime = runtime;
        this.directories = directories;
        this.artifacts = artifacts;
    }

    /** Makes a container's directories, with the artifacts that it is to find in {@code /app}. */
    void prepare(ContainerRecord container) {
        blocking(() -> {
            Path app = directories.app(container.name());
            Credentials user = user(container);
            Files.createDirectories(app);
            Files.createDirectories(directories.record(container.name()));
            for (Artifact artifact : container.spec().artifacts()) {
                artifacts.copyTo(artifact, app);
                own(app.resolve(artifact.name()), container, user);
            }
            own(app, container, user);
            return true;
        });
    }

    /** Whether an artifact is a Spring Boot application with the actuator. */
    boolean hasActuator(Artifact artifact) {
        return SpringBoot.hasActuator(artifact.name(), artifacts.path(artifact));
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
        Credentials user =
                request.user().map(name -> Credentials.resolve(name, etc(spec))).orElseGet(() -> user(spec));
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

    /** Whether an ended container's files are there; where they are not, it was being forgotten. */
    boolean keeps(ContainerRecord container) {
        return Files.exists(directories.record(container.name()));
    }

    /** Removes a container's files, its record last. */
    void deleteDirectories(ContainerRecord container) {
        deleteDirectories(container.name());
    }

    /** The same of one of which only the name is known. */
    void deleteDirectories(ContainerName container) {
        Directories.delete(directories.app(container));
        Directories.delete(directories.record(container));
    }

    /** Runs work that blocks in the kernel on a platform thread. */
    <T> T blocking(Callable<T> work) {
        return Waiting.on(platform.submit(work));
    }

    ContainerRuntime runtime() {
        return runtime;
    }

    Directories directories() {
        return directories;
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
                spec.mounts(),
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
                directories.app(container.name()),
                directories.record(container.name()));
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
        return spec.user().map(name -> Credentials.resolve(name, etc(spec))).orElse(Credentials.ROOT);
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

    private static Path etc(ContainerSpec spec) {
        return spec.rootfs().map(tree -> Path.of(tree, "etc")).orElse(ETC);
    }

    private static void own(Path file, ContainerRecord container, Credentials user) {
        int uid = container.users().map(users -> users.outside(user.uid())).orElse(user.uid());
        int gid = container.users().map(users -> users.outside(user.gid())).orElse(user.gid());
        if (uid != 0 || gid != 0) {
            try {
                Files.setAttribute(file, "unix:uid", uid);
                Files.setAttribute(file, "unix:gid", gid);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The last line that a container wrote, for a message that says why it ended; empty where it wrote none. */
    String lastWords(ContainerRecord container) {
        List<String> lines = lastLines(container, 1);
        return lines.isEmpty() ? "" : lines.getLast();
    }

    /** The last lines that a container wrote, as far as they are among the last 64 KiB of its log. */
    List<String> lastLines(ContainerRecord container, int number) {
        Path log = directories.record(container.name()).resolve("log");
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LAST_BYTES));
            byte[] end = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("^\\S+ \\S+ \\S ", ""))
                    .toList();
            return lines.subList(Math.max(0, lines.size() - number), lines.size());
        } catch (FileNotFoundException _) {
            // A container that never wrote has no log.
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BrockerException.Host unexpectedEnd(String program, int code, String lastWords) {
        return new BrockerException.Host(
                "proxy-ended",
                "\"" + program + "\" ended with code " + code + (lastWords.isEmpty() ? "" : ": " + lastWords),
                "");
    }
}
