package brocker.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's specification while it is being written: the one place that names every component. Belongs to one thread. */
final class ContainerDraft {
    Optional<ServiceName> serviceName;
    Command command;
    boolean copyFile;
    Optional<String> file = Optional.empty();
    List<String> files = List.of();
    List<Artifact> artifacts = List.of();
    Map<String, String> env = Map.of();
    Optional<String> user = Optional.empty();
    Optional<String> workingDirectory = Optional.empty();
    Optional<String> hostname = Optional.empty();
    Optional<ByteSize> memory = Optional.empty();
    Optional<Cpus> cpus = Optional.empty();
    Optional<CpuList> cpuset = Optional.empty();
    Optional<Integer> pids = Optional.empty();
    Optional<Integer> nofile = Optional.empty();
    Optional<Integer> oomScoreAdj = Optional.empty();
    Optional<String> rootfs = Optional.empty();
    List<Mount> mounts = List.of();
    List<Tmpfs> tmpfs = List.of();
    boolean readOnly;
    Optional<Boolean> userNamespace = Optional.empty();
    Optional<CapabilityChange> capabilities = Optional.empty();
    Optional<Seccomp> seccomp = Optional.empty();
    Optional<RestartPolicy> restart = Optional.empty();
    Optional<Signal> stopSignal = Optional.empty();
    Optional<Timespan> stopTimeout = Optional.empty();
    Optional<LogLimits> log = Optional.empty();

    /** With every default. */
    ContainerDraft(Optional<ServiceName> serviceName, Command command) {
        this.serviceName = serviceName;
        this.command = command;
    }

    /** With what a specification says. */
    ContainerDraft(ContainerSpec spec) {
        serviceName = spec.serviceName();
        command = spec.command();
        copyFile = spec.copyFile();
        file = spec.file();
        files = spec.files();
        artifacts = spec.artifacts();
        env = spec.env();
        user = spec.user();
        workingDirectory = spec.workingDirectory();
        hostname = spec.hostname();
        memory = spec.memory();
        cpus = spec.cpus();
        cpuset = spec.cpuset();
        pids = spec.pids();
        nofile = spec.nofile();
        oomScoreAdj = spec.oomScoreAdj();
        rootfs = spec.rootfs();
        mounts = spec.mounts();
        tmpfs = spec.tmpfs();
        readOnly = spec.readOnly();
        userNamespace = spec.userNamespace();
        capabilities = spec.capabilities();
        seccomp = spec.seccomp();
        restart = spec.restart();
        stopSignal = spec.stopSignal();
        stopTimeout = spec.stopTimeout();
        log = spec.log();
    }

    ContainerSpec spec() {
        return new ContainerSpec(
                serviceName,
                command,
                copyFile,
                file,
                files,
                artifacts,
                env,
                user,
                workingDirectory,
                hostname,
                memory,
                cpus,
                cpuset,
                pids,
                nofile,
                oomScoreAdj,
                rootfs,
                mounts,
                tmpfs,
                readOnly,
                userNamespace,
                capabilities,
                seccomp,
                restart,
                stopSignal,
                stopTimeout,
                log);
    }
}
