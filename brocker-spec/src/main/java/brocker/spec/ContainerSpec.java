package brocker.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What a user writes to run a container, and, with {@code artifacts} in the place of {@code copy-file}, {@code file} and {@code files},
 * what goes over the wire.
 *
 * <pre>{@code
 * {
 *   "service-name": "shop",
 *   "command": "/usr/bin/java -Dserver.port=8080 -jar /app/shop.jar",
 *   "copy-file": true, "file": "target/shop.jar", "files": ["application.yaml"],
 *   "env": {"SPRING_PROFILES_ACTIVE": "production"},
 *   "user": "1000:1000", "working-directory": "/app", "hostname": "shop",
 *   "memory": "512m", "cpus": 1.5, "cpuset": "0-1", "pids": 512,
 *   "nofile": 65536, "oom-score-adj": 0,
 *   "rootfs": "/srv/roots/debian",
 *   "mounts": [{"source": "/srv/data", "target": "/data", "read-only": true}],
 *   "tmpfs": [{"target": "/cache", "size": "64m"}],
 *   "read-only": true, "user-namespace": true,
 *   "capabilities": {"add": ["NET_RAW"], "drop": ["CHOWN"]}, "seccomp": "default",
 *   "restart": "on-failure:5", "stop-signal": "SIGTERM", "stop-timeout": "10s",
 *   "log": {"max-size": "10m", "max-files": 3}
 * }
 * }</pre>
 */
public record ContainerSpec(
        Optional<ServiceName> serviceName,
        Command command,
        boolean copyFile,
        Optional<String> file,
        List<String> files,
        List<Artifact> artifacts,
        Map<String, String> env,
        Optional<String> user,
        Optional<String> workingDirectory,
        Optional<String> hostname,
        Optional<ByteSize> memory,
        Optional<Cpus> cpus,
        Optional<CpuList> cpuset,
        Optional<Integer> pids,
        Optional<Integer> nofile,
        Optional<Integer> oomScoreAdj,
        Optional<String> rootfs,
        List<Mount> mounts,
        List<Tmpfs> tmpfs,
        boolean readOnly,
        Optional<Boolean> userNamespace,
        Optional<CapabilityChange> capabilities,
        Optional<Seccomp> seccomp,
        Optional<RestartPolicy> restart,
        Optional<Signal> stopSignal,
        Optional<Timespan> stopTimeout,
        Optional<LogLimits> log) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?");
    private static final Pattern USER =
            Pattern.compile("(\\d{1,10}|[a-z_][a-z0-9_-]{0,31})(:(\\d{1,10}|[a-z_][a-z0-9_-]{0,31}))?");

    public ContainerSpec {
        files = List.copyOf(files);
        artifacts = List.copyOf(artifacts);
        env = Map.copyOf(env);
        mounts = List.copyOf(mounts);
        tmpfs = List.copyOf(tmpfs);
        if (copyFile && file.isEmpty()) {
            throw new BrockerException.Invalid(
                            "missing-file", "\"copy-file\" is true but there is no \"file\"", "name the file to copy")
                    .at("copy-file");
        }
        env.forEach(ContainerSpec::requireVariable);
        user.filter(name -> !USER.matcher(name).matches()).ifPresent(name -> {
            throw new BrockerException.Invalid(
                            "invalid-user",
                            "\"" + name + "\" is not a user",
                            "write a name, a number, or \"user:group\"")
                    .at("user");
        });
        workingDirectory.ifPresent(path -> Paths.requireAbsolute("working-directory", path));
        hostname.filter(name -> !HOSTNAME.matcher(name).matches()).ifPresent(name -> {
            throw new BrockerException.Invalid("invalid-hostname", "\"" + name + "\" is not a host name", "")
                    .at("hostname");
        });
        rootfs.ifPresent(path -> Paths.requireAbsolute("rootfs", path));
        var _ = new ContainerLimits(memory, cpus, cpuset, pids);
        var _ = new ProcessSettings(nofile, oomScoreAdj);
    }

    /** A container that runs a command, with every default. */
    public static ContainerSpec of(ServiceName service, Command command) {
        return new ContainerDraft(Optional.of(service), command).spec();
    }

    /** The files of the client's machine that the container wants in {@code /app}, as written. */
    public List<String> filesToCopy() {
        return copyFile
                ? java.util.stream.Stream.concat(file.stream(), files.stream()).toList()
                : files;
    }

    /** The same, with uploaded artifacts in the place of the client's files. */
    public ContainerSpec withArtifacts(List<Artifact> uploaded) {
        return with(draft -> {
            draft.copyFile = false;
            draft.file = Optional.empty();
            draft.files = List.of();
            draft.artifacts = uploaded;
        });
    }

    /** The same with the profile itself in the place of a file's path. */
    public ContainerSpec withSeccomp(SeccompProfile profile) {
        return with(draft -> draft.seccomp = Optional.of(new Seccomp.Own(profile)));
    }

    /** The same as a member of a service. */
    public ContainerSpec inService(ServiceName service) {
        return with(draft -> draft.serviceName = Optional.of(service));
    }

    /** The same with other mounts. */
    public ContainerSpec withMounts(List<Mount> others) {
        return with(draft -> draft.mounts = others);
    }

    /** The same with other directories in memory. */
    public ContainerSpec withTmpfs(List<Tmpfs> others) {
        return with(draft -> draft.tmpfs = others);
    }

    /** The same with a stop signal. */
    public ContainerSpec withStopSignal(Signal signal) {
        return with(draft -> draft.stopSignal = Optional.of(signal));
    }

    /** The same with other limits. */
    public ContainerSpec withLimits(ContainerLimits limits) {
        return with(draft -> {
            draft.memory = limits.memory();
            draft.cpus = limits.cpus();
            draft.cpuset = limits.cpuset();
            draft.pids = limits.pids();
        });
    }

    public ContainerLimits limits() {
        return new ContainerLimits(memory, cpus, cpuset, pids);
    }

    public ProcessSettings processSettings() {
        return new ProcessSettings(nofile, oomScoreAdj);
    }

    private ContainerSpec with(Consumer<ContainerDraft> change) {
        ContainerDraft draft = new ContainerDraft(this);
        change.accept(draft);
        return draft.spec();
    }

    /**
     * The service that the container belongs to.
     *
     * @throws BrockerException.Invalid where the specification names none
     */
    public ServiceName service() {
        return serviceName.orElseThrow(() -> new BrockerException.Invalid(
                "missing-key",
                "the key \"service-name\" is missing",
                "a container always belongs to a service; make one with: brocker-client service add FILE"));
    }

    /** Whether root inside is an unprivileged user outside. */
    public boolean userNamespaceOrDefault() {
        return userNamespace.orElse(true);
    }

    public CapabilityChange capabilitiesOrDefault() {
        return capabilities.orElse(CapabilityChange.NONE);
    }

    public Seccomp seccompOrDefault() {
        return seccomp.orElseGet(Seccomp.Default::new);
    }

    public String workingDirectoryOrDefault() {
        return workingDirectory.orElse("/app");
    }

    public RestartPolicy restartOrDefault() {
        return restart.orElse(RestartPolicy.NO);
    }

    public Signal stopSignalOrDefault() {
        return stopSignal.orElse(Signal.SIGTERM);
    }

    /** How long a stop waits before it kills. */
    public Duration stopTimeoutOrDefault() {
        return stopTimeout.map(Timespan::duration).orElse(Duration.ofSeconds(10));
    }

    private static void requireVariable(String name, String value) {
        if (!VARIABLE.matcher(name).matches() || value.indexOf('\0') >= 0) {
            throw new BrockerException.Invalid("invalid-env", "\"" + name + "\" is not an environment variable", "")
                    .at("env");
        }
    }
}
