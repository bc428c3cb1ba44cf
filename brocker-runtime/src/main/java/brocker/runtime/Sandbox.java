package brocker.runtime;

import brocker.kernel.Fd;
import brocker.kernel.Linux;
import brocker.kernel.MountEvents;
import brocker.runtime.network.ContainerNetwork;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.rootfs.Rootfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Namespaces that wait for their container, with what every container has in common made already: {@code lo}, the composed root. They
 * belong to a platform thread, which ends with its one job, or unused; what is in them goes with it unless a process stays.
 */
final class Sandbox implements AutoCloseable {
    private static final int NAMESPACES =
            Linux.CLONE_NEWPID | Linux.CLONE_NEWNS | Linux.CLONE_NEWNET | Linux.CLONE_NEWUTS | Linux.CLONE_NEWIPC;

    /** What the thread is given to do: a job, or nothing where the sandbox is not wanted any more. */
    private final CompletableFuture<Optional<Job>> given = new CompletableFuture<>();

    private final CompletableFuture<Spawned> result = new CompletableFuture<>();
    private final long fingerprint = Rootfs.fingerprint();
    private final MountEvents mounts = MountEvents.watch();
    private final HostNetwork network;
    private final Rootfs rootfs;
    private final Map<String, Object> place;

    /** What is done in a sandbox. */
    @FunctionalInterface
    interface Job {
        /**
         * Runs on the sandbox's thread, which can start processes but, being in another PID namespace, no threads.
         *
         * @return the process that stays
         */
        Spawned run(ContainerNetwork inside) throws IOException;
    }

    /**
     * What a sandbox leaves behind.
     *
     * @param network its network namespace; the caller's
     */
    record Spawned(int pid, Fd network) {}

    private Sandbox(HostNetwork network, Rootfs rootfs) {
        this.network = network;
        this.rootfs = rootfs;
        this.place = rootfs.place();
    }

    /** Begins to prepare one, without waiting for it. */
    static Sandbox prepare(HostNetwork network, Rootfs rootfs) {
        Sandbox sandbox = new Sandbox(network, rootfs);
        Thread.ofPlatform().daemon().name("sandbox").start(() -> sandbox.complete(sandbox::live));
        return sandbox;
    }

    /**
     * Whether the host looks as it did when this was begun, its mounts included: where the host's are private, one that came since is
     * not seen here. To be asked once.
     */
    boolean fresh() {
        return fingerprint == Rootfs.fingerprint() && !mounts.occurred() && place.equals(rootfs.place());
    }

    /** Gives it its one job and waits for the result; the job's failure, or the preparation's, is thrown as it is. */
    Spawned run(Job job) throws IOException {
        given.complete(Optional.of(job));
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** Ends it unused. */
    @Override
    public void close() {
        given.complete(Optional.empty());
        mounts.close();
    }

    private Optional<Spawned> live() throws IOException {
        Linux.unshare(NAMESPACES);
        try (ContainerNetwork inside = network.begin()) {
            List<Path> views = rootfs.compose();
            Optional<Job> job = given.join();
            if (job.isEmpty()) {
                return Optional.empty();
            }
            // Not sooner: until then what the host unmounts disappears here as well.
            rootfs.seal(views);
            return Optional.of(job.get().run(inside));
        }
    }

    private void complete(Callable<Optional<Spawned>> work) {
        try {
            work.call().ifPresent(result::complete);
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }
}
