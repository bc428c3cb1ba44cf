package brocker.daemon.orchestrator;

import brocker.daemon.allocation.PublishedSockets;
import brocker.daemon.fault.Faults;
import brocker.daemon.record.Ingress;
import brocker.daemon.record.ServiceRecord;
import brocker.runtime.Step;
import brocker.spec.Publish;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes an ingress with the first service that has hosts at its address, and removes it with the last. Which there should be is derived
 * from the services. Thread-safe.
 */
final class Ingresses {
    private static final System.Logger LOG = System.getLogger(Ingresses.class.getName());

    private final Parts parts;
    private final Promises promises;
    private final ReentrantLock changing = new ReentrantLock();

    Ingresses(Parts parts, Promises promises) {
        this.parts = parts;
        this.promises = promises;
    }

    /**
     * Makes those that a service needs and that are missing.
     *
     * @param service promised or existing
     * @throws brocker.spec.BrockerException.Conflict when one of its ports is in use
     */
    void require(ServiceRecord service) {
        if (service.spec().hosts().isEmpty()) {
            return;
        }
        changing.lock();
        try {
            for (Publish address : service.spec().publish()) {
                if (parts.services().find(Ingress.name(address)).isEmpty()) {
                    make(address);
                }
            }
        } finally {
            changing.unlock();
        }
    }

    private void make(Publish address) {
        try (Promises.Promise promise = promises.add(Ingress.spec(address))) {
            PublishedSockets published = PublishedSockets.open(promise.record(), parts.ingressSockets());
            parts.services().put(ManagedService.create(promise.record(), parts, published));
            Step.INGRESS_MADE.done();
        }
    }

    /** Removes those that nobody needs. */
    void prune() {
        changing.lock();
        try {
            List<ManagedService> unneeded = parts.services()
                    .all()
                    .filter(service -> service.record().ingress() && !needed(service.record()))
                    .toList();
            for (ManagedService ingress : unneeded) {
                parts.faults().attempt(Faults.Subject.of(ingress.record().name()), "it cannot be removed", () -> {
                    ingress.remove();
                    parts.services().remove(ingress);
                });
            }
        } finally {
            changing.unlock();
        }
    }

    /** After a start: those that are missing, as after a crash in between; those that nobody needs go. */
    void recover() {
        for (ServiceRecord service : promises.taken()) {
            try {
                if (!service.removing()) {
                    require(service);
                }
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "service \"" + service.name() + "\": " + e.getMessage());
            }
        }
        prune();
    }

    private boolean needed(ServiceRecord ingress) {
        Publish address = ingress.spec().publish().getFirst();
        return promises.taken().stream()
                .map(ServiceRecord::spec)
                .anyMatch(spec -> !spec.hosts().isEmpty() && spec.publish().contains(address));
    }
}
