package brocker.daemon.orchestrator;

import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.util.List;

/**
 * The state that outlives the daemon. Thread-safe.
 *
 * <p>An intent ({@code intend}) survives the daemon's death: without power the kernel's side of it is gone as well. Everything else
 * survives the power too once the method has returned.
 *
 * <p>Every change becomes an event of {@link EventLog}, as {@link Changes} has it, together with the change or not at all.
 */
public interface Store extends AutoCloseable {
    List<ServiceRecord> services();

    /** All containers, the ended ones too, in the order of their creation. */
    List<ContainerRecord> containers();

    /** Adds a service, or replaces what is known of it. */
    void save(ServiceRecord service);

    /** Notes a container before anything of it is made. */
    void intend(ContainerRecord container);

    /** Replaces what is known of a container. */
    void save(ContainerRecord container);

    void remove(ContainerName container);

    /** Removes a service and whatever is still known of its containers. */
    void remove(ServiceName service);

    @Override
    void close();
}
