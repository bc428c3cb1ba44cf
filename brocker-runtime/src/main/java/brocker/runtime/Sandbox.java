package brocker.runtime;

import brocker.kernel.Linux;
import brocker.runtime.network.ContainerNetwork;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.rootfs.Rootfs;
import java.io.IOException;
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

    private final CompletableFuture<Integer> result = new CompletableFuture<>();
    private final long fingerprint = Rootfs.fingerprint();
    private final HostNetwork network;
    private final Rootfs rootfs;

    /** What is done in a sandbox. */
    @FunctionalInterface
    interface Job {
        /**
         * Runs on the sandbox's thread, which can start processes but, being in another PID namespace, no threads.
         *
         * @return the id of the process that stays
         */
        int run(ContainerNetwork inside) throws IOException;
    }

    private Sandbox(HostNetwork network, Rootfs rootfs) {
        this.network = network;
        this.rootfs = rootfs;
    }

    /** Begins to prepare one, without waiting for it. */
    static Sandbox prepare(HostNetwork network, Rootfs rootfs) {
        Sandbox sandbox = new Sandbox(network, rootfs);
        Thread.ofPlatform().daemon().name("sandbox").start(() -> sandbox.complete(sandbox::live));
        return sandbox;
    }

    /** Whether the host looks as it did when this was begun. */
    boolean fresh() {
        return fingerprint == Rootfs.fingerprint();
    }

    /** Gives it its one job and waits for the result; the job's failure, or the preparation's, is thrown as it is. */
    int run(Job job) throws IOException {
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
    }

    private int live() throws IOException {
        Linux.unshare(NAMESPACES);
        try (ContainerNetwork inside = network.begin()) {
            rootfs.compose();
            Optional<Job> job = given.join();
            return job.isPresent() ? job.get().run(inside) : 0;
        }
    }

    private void complete(Callable<Integer> work) {
        try {
            result.complete(work.call());
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }
}
