package brocker.daemon.port;

import brocker.daemon.event.Changes;
import brocker.daemon.event.EventDraft;
import brocker.daemon.event.EventLog;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;

/**
 * The state that outlives the daemon. Thread-safe.
 *
 * <p>An intent ({@code intend}) survives the daemon's death: without power the kernel's side of it is gone as well. Everything else
 * survives the power too once the method has returned.
 *
 * <p>Every change becomes an event of {@link EventLog}, as {@link Changes} has it, together with the change or not at all.
 */
public interface Store extends AutoCloseable {
    /** Everything; what cannot be read is said, and keeps nothing else from being read. */
    Stored read();

    /** Adds a service, or replaces what is known of it. */
    void save(ServiceRecord service);

    /** Notes a container before anything of it is made. */
    void intend(ContainerRecord container);

    /** Replaces what is known of a container. */
    void save(ContainerRecord container);

    void remove(ContainerName container);

    /** Removes one that cannot be read. */
    void remove(BrokenContainer container);

    /** Removes a service and whatever is still known of its containers. */
    void remove(ServiceName service);

    /** Writes an event that comes of no change of a record. */
    void note(EventDraft event);

    @Override
    void close();
}
