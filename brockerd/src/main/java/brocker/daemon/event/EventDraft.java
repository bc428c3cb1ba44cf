package brocker.daemon.event;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import java.util.Optional;

/** An event before the store gives it its number and its time. */
public record EventDraft(EventType type, ServiceName service, Optional<ContainerName> container, EventDetails details) {
    public static EventDraft of(EventType type, ServiceRecord service) {
        return of(type, service, EventDetails.NONE);
    }

    public static EventDraft of(EventType type, ServiceRecord service, EventDetails details) {
        return new EventDraft(type, service.name(), Optional.empty(), details);
    }

    public static EventDraft of(EventType type, ContainerRecord container) {
        return of(type, container, EventDetails.of(container.role()));
    }

    public static EventDraft of(EventType type, ContainerRecord container, EventDetails details) {
        return new EventDraft(type, container.service(), Optional.of(container.name()), details);
    }
}
