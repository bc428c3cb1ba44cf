package brocker.runtime;

import brocker.kernel.KernelException;
import brocker.runtime.network.HostNetwork;
import brocker.runtime.rootfs.Rootfs;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps one sandbox ready, so that a start need not wait for what could be made before it was asked for. Thread-safe. */
final class Sandboxes implements AutoCloseable {
    private final HostNetwork network;
    private final Rootfs rootfs;
    private final AtomicReference<Optional<Sandbox>> spare = new AtomicReference<>(Optional.empty());

    Sandboxes(HostNetwork network, Rootfs rootfs) {
        this.network = network;
        this.rootfs = rootfs;
    }

    /** The spare one, or where there is none, or the host has changed since, a new one. The caller runs or closes it. */
    Sandbox take() {
        Optional<Sandbox> found = spare.getAndSet(Optional.empty());
        if (found.isPresent() && found.get().fresh()) {
            return found.get();
        }
        found.ifPresent(Sandbox::close);
        return Sandbox.prepare(network, rootfs);
    }

    /** Begins to prepare the next one. */
    void replenish() {
        try {
            Sandbox next = Sandbox.prepare(network, rootfs);
            spare.getAndSet(Optional.of(next)).ifPresent(Sandbox::close);
        } catch (KernelException _) {
            // Out of descriptors: the next start prepares its own, and says so if that fails as well.
        }
    }

    @Override
    public void close() {
        spare.getAndSet(Optional.empty()).ifPresent(Sandbox::close);
    }
}
