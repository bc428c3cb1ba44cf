package brocker.daemon.fault;

import brocker.daemon.event.EventDraft;
import brocker.daemon.port.Store;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.turn.Backoff;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import brocker.spec.wire.HostFinding;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What could not be done for one service, one container or the host, so that it is nobody else's fault as well: it is logged, told as an
 * event and shown, and tried again, at pauses that grow from a second to a minute, until it succeeds. Thread-safe.
 */
public final class Faults implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Faults.class.getName());

    private final Store store;
    private final Map<Key, String> open = new LinkedHashMap<>();
    private final ExecutorService platform = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("retry").daemon().factory());

    /** @param store where events are written */
    public Faults(Store store) {
        this.store = store;
    }

    /** Whose fault it is; of the host where neither is named. */
    public record Subject(Optional<ServiceName> service, Optional<ContainerName> container) {
        public static final Subject HOST = new Subject(Optional.empty(), Optional.empty());

        public static Subject of(ServiceName service) {
            return new Subject(Optional.of(service), Optional.empty());
        }

        public static Subject of(ContainerRecord container) {
            return new Subject(Optional.of(container.service()), Optional.of(container.name()));
        }

        /** Such as {@code container "5f0c12345678" of "shop"}. */
        @Override
        public String toString() {
            String owner = service.map(name -> "\"" + name + "\"").orElse("");
            return container
                    .map(name -> "container \"" + name.abbreviated() + "\" of " + owner)
                    .orElse(service.isPresent() ? "service " + owner : "host");
        }
    }

    private record Key(Subject subject, String what) {}

    /** Says what cannot be helped by trying again, as a sentence. */
    public void note(Subject subject, String sentence) {
        put(new Key(subject, sentence), "");
    }

    /**
     * Does something now and, where it fails, again until it succeeds or its subject is gone.
     *
     * @param what is the matter where it fails, such as {@code its bridge cannot be made}
     * @param where it is tried again
     * @param work can be done again
     * @return whether it is done
     */
    public boolean attempt(Subject subject, String what, Executor where, Runnable work) {
        return attempt(new Key(subject, what), where, work, new Backoff(), true);
    }

    /** The same; it is tried again on a platform thread, on which it may block in the kernel. */
    public boolean attempt(Subject subject, String what, Runnable work) {
        return attempt(subject, what, platform, work);
    }

    private boolean attempt(Key key, Executor where, Runnable work, Backoff backoff, boolean first) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!first && !isOpen(key)) {
                return false;
            }
            put(key, reason(e));
            CompletableFuture.delayedExecutor(backoff.after(Duration.ZERO).toMillis(), TimeUnit.MILLISECONDS, platform)
                    .execute(() -> where.execute(() -> {
                        if (isOpen(key)) {
                            attempt(key, where, work, backoff, false);
                        }
                    }));
            return false;
        }
        if (!first && remove(key)) {
            LOG.log(System.Logger.Level.INFO, key.subject + ": no longer: " + key.what);
        }
        return true;
    }

    private static String reason(RuntimeException e) {
        if (e instanceof BrockerException known) {
            return known.message();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void put(Key key, String reason) {
        Optional<String> before;
        synchronized (open) {
            before = Optional.ofNullable(open.put(key, reason));
        }
        if (before.isPresent()) {
            return;
        }
        String sentence = sentence(key, reason);
        LOG.log(System.Logger.Level.ERROR, key.subject + ": " + sentence);
        key.subject.service.ifPresent(service -> tell(new EventDraft(
                key.subject.container.isPresent() ? EventType.CONTAINER_FAULT : EventType.SERVICE_FAULT,
                service,
                key.subject.container,
                EventDetails.ofFault(sentence))));
    }

    private void tell(EventDraft event) {
        try {
            store.note(event);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "an event is not written: " + e.getMessage());
        }
    }

    private static String sentence(Key key, String reason) {
        return reason.isEmpty() ? key.what : key.what + ": " + reason;
    }

    private boolean isOpen(Key key) {
        synchronized (open) {
            return open.containsKey(key);
        }
    }

    private boolean remove(Key key) {
        synchronized (open) {
            return open.remove(key) != null;
        }
    }

    /** A service is gone, with its containers. */
    public void forget(ServiceName service) {
        synchronized (open) {
            open.keySet().removeIf(key -> key.subject.service.equals(Optional.of(service)));
        }
    }

    /** A container is gone. */
    public void forget(ContainerName container) {
        synchronized (open) {
            open.keySet().removeIf(key -> key.subject.container.equals(Optional.of(container)));
        }
    }

    /** Those of a service and of its containers, a sentence each. */
    public List<String> of(ServiceName service) {
        synchronized (open) {
            return open.entrySet().stream()
                    .filter(entry -> entry.getKey().subject.service.equals(Optional.of(service)))
                    .map(entry -> said(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    private static String said(Key key, String reason) {
        String container = key.subject
                .container
                .map(name -> "container \"" + name.abbreviated() + "\": ")
                .orElse("");
        return container + sentence(key, reason);
    }

    /** All, for {@code brocker-client check}. */
    public List<HostFinding> findings() {
        synchronized (open) {
            return open.entrySet().stream()
                    .map(entry -> HostFinding.limited(
                            entry.getKey().subject.service.map(_ -> "service").orElse("host"),
                            entry.getKey().subject + ": " + sentence(entry.getKey(), entry.getValue()),
                            entry.getValue().isEmpty()
                                    ? "its containers go on"
                                    : "it is tried again by itself; nothing else waits for it"))
                    .toList();
        }
    }

    @Override
    public void close() {
        platform.shutdown();
    }
}
