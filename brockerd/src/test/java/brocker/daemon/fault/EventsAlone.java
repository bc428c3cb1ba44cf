package brocker.daemon.fault;

import brocker.daemon.event.EventDraft;
import brocker.daemon.port.Store;
import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.daemon.record.Stored;
import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.util.function.Consumer;

/** A store that takes events and nothing else. */
public final class EventsAlone implements Store {
    private final Consumer<EventDraft> events;

    public EventsAlone(Consumer<EventDraft> events) {
        this.events = events;
    }

    @Override
    public void note(EventDraft event) {
        events.accept(event);
    }

    @Override
    public Stored read() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save(ServiceRecord service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void intend(ContainerRecord container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save(ContainerRecord container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(ContainerName container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(BrokenContainer container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(ServiceName service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
