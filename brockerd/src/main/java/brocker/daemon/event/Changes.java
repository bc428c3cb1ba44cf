package brocker.daemon.event;

import brocker.daemon.record.BrokenContainer;
import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.wire.EventDetails;
import brocker.spec.wire.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events that lie between what the store knew of something and what it is told. Whoever changes a record tells nobody else: the
 * store writes these with the change.
 *
 * <p>A container that has ended is not unready as well, and one that is new is not updated. A restart that is taken back, by the record
 * of before, is none: that the container ended then was told.
 */
public final class Changes {
    private Changes() {}

    public static List<EventDraft> added(ServiceRecord after) {
        List<EventDraft> events = new ArrayList<>();
        events.add(EventDraft.of(EventType.SERVICE_ADDED, after));
        if (after.removing()) {
            events.add(EventDraft.of(EventType.SERVICE_REMOVING, after));
        }
        return events;
    }

    public static List<EventDraft> between(ServiceRecord before, ServiceRecord after) {
        List<EventDraft> events = new ArrayList<>();
        if (!after.spec().equals(before.spec())) {
            events.add(EventDraft.of(EventType.SERVICE_UPDATED, after));
        }
        for (Revision revision : after.revisions()) {
            if (!before.revision(revision.number()).map(Revision::state).equals(Optional.of(revision.state()))) {
                events.addAll(changed(after, revision));
            }
        }
        if (after.removing() && !before.removing()) {
            events.add(EventDraft.of(EventType.SERVICE_REMOVING, after));
        }
        return events;
    }

    private static List<EventDraft> changed(ServiceRecord service, Revision revision) {
        EventDetails details = EventDetails.ofRevision(revision.number(), revision.reason());
        return switch (revision.state()) {
            case DEPLOYING -> List.of(EventDraft.of(EventType.SERVICE_DEPLOYING, service, details));
            case ACTIVE -> List.of(EventDraft.of(EventType.SERVICE_DEPLOYED, service, details));
            case FAILED -> List.of(EventDraft.of(EventType.SERVICE_FAILED, service, details));
            case SUPERSEDED -> List.of();
        };
    }

    /** A service goes, and with it whatever is still known of its containers. */
    public static List<EventDraft> removed(ServiceRecord before, List<ContainerRecord> containers) {
        List<EventDraft> events = new ArrayList<>();
        containers.forEach(container -> events.addAll(removed(container)));
        events.add(EventDraft.of(EventType.SERVICE_REMOVED, before));
        return events;
    }

    public static List<EventDraft> added(ContainerRecord after) {
        List<EventDraft> events = new ArrayList<>();
        events.add(EventDraft.of(EventType.CONTAINER_CREATED, after));
        ContainerRecord intended = ContainerRecord.intended(
                after.name(),
                after.role(),
                after.revision(),
                after.spec(),
                after.address(),
                after.veth(),
                after.created());
        events.addAll(between(intended, after));
        return events;
    }

    public static List<EventDraft> between(ContainerRecord before, ContainerRecord after) {
        if (after.restarts().total() < before.restarts().total()) {
            return List.of();
        }
        if (before.alive()) {
            return ofLiving(before, after);
        }
        if (after.alive()) {
            List<EventDraft> events = new ArrayList<>();
            EventDetails details =
                    EventDetails.of(after.role()).withRestarts(after.restarts().total());
            events.add(EventDraft.of(EventType.CONTAINER_RESTARTING, after, details));
            events.addAll(ofLiving(before.again(after.address(), after.restarts()), after));
            return events;
        }
        return ofEnded(before, after);
    }

    private static List<EventDraft> ofLiving(ContainerRecord before, ContainerRecord after) {
        List<EventDraft> events = new ArrayList<>();
        if (before.start().isEmpty()) {
            after.start().ifPresent(start -> events.add(started(after, start)));
        }
        if (!after.spec().equals(before.spec())) {
            EventDetails details =
                    EventDetails.of(after.role()).withLimits(after.spec().limits());
            events.add(EventDraft.of(EventType.CONTAINER_UPDATED, after, details));
        }
        if (after.alive() && after.ready() != before.ready()) {
            events.add(EventDraft.of(after.ready() ? EventType.CONTAINER_READY : EventType.CONTAINER_UNREADY, after));
        }
        if (after.stopping() && !before.stopping()) {
            events.add(EventDraft.of(EventType.CONTAINER_STOPPING, after));
        }
        after.end().ifPresent(end -> events.addAll(ended(after, end)));
        return events;
    }

    /** It may have been tried in vain to start it again, or its users do not want that. */
    private static List<EventDraft> ofEnded(ContainerRecord before, ContainerRecord after) {
        List<EventDraft> events = new ArrayList<>();
        if (after.asked() == Asked.STOP && before.asked() != Asked.STOP) {
            events.add(EventDraft.of(EventType.CONTAINER_STOPPING, after));
        }
        if (!after.end().equals(before.end())) {
            after.end().ifPresent(end -> events.addAll(ended(after, end)));
        }
        return events;
    }

    public static List<EventDraft> removed(ContainerRecord before) {
        return List.of(EventDraft.of(EventType.CONTAINER_REMOVED, before));
    }

    public static EventDraft removed(BrokenContainer container) {
        return new EventDraft(
                EventType.CONTAINER_REMOVED,
                container.service(),
                Optional.of(container.name()),
                container.role().map(EventDetails::of).orElse(EventDetails.NONE));
    }

    private static EventDraft started(ContainerRecord container, ContainerRecord.Start start) {
        EventDetails details =
                EventDetails.of(container.role()).withPid(start.init().pid());
        return EventDraft.of(EventType.CONTAINER_STARTED, container, details);
    }

    private static List<EventDraft> ended(ContainerRecord container, ContainerRecord.End end) {
        EventDetails details = EventDetails.of(container.role()).withOomKills(end.oomKills());
        EventDraft exited = EventDraft.of(
                EventType.CONTAINER_EXITED, container, details.withEnd(end.at(), end.code(), end.reason()));
        return end.oomKills() > 0
                ? List.of(EventDraft.of(EventType.CONTAINER_OOM, container, details), exited)
                : List.of(exited);
    }
}
