package brocker.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ContainerRecord.Asked;
import brocker.daemon.record.ContainerRecord.Restarts;
import brocker.daemon.record.Revision;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.ProcessIdentity;
import brocker.spec.Cidr;
import brocker.spec.Command;
import brocker.spec.ContainerLimits;
import brocker.spec.ContainerName;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.EventType;
import brocker.spec.wire.Role;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ChangesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T19:25:26.123Z");
    private static final ContainerRecord.Start START =
            new ContainerRecord.Start(new ProcessIdentity(4711, 9), "boot", NOW);
    private static final ContainerRecord INTENDED = intended();

    private static ContainerRecord intended() {
        ContainerSpec spec = ContainerSpec.of(new ServiceName("shop"), Command.parse("/bin/x"));
        return ContainerRecord.intended(ContainerName.of(NOW, spec.command()), Role.REPLICA, 1, spec, 3, 1, NOW);
    }

    private static ServiceRecord service(String more, boolean removing) {
        ServiceSpec spec = Json.read("test", "{\"name\":\"shop\"" + more + "}", ServiceSpec.class);
        return new ServiceRecord(spec, 1, Cidr.parse("10.0.1.1/24"), NOW, removing, List.of());
    }

    private static ContainerRecord.End end(int code, String reason, long kills) {
        return new ContainerRecord.End(NOW.plusSeconds(1), code, reason, kills);
    }

    private static List<String> types(List<EventDraft> drafts) {
        assertThat(drafts).allMatch(draft -> draft.service().value().equals("shop"));
        return drafts.stream().map(draft -> draft.type().text()).toList();
    }

    @Test
    void lifeOfAContainerIsOneEventAStep() {
        ContainerRecord started = INTENDED.started(START);
        ContainerRecord ready = started.checked(true);
        ContainerRecord unready = ready.checked(false);
        ContainerRecord stopping = unready.asked(Asked.STOP);
        ContainerRecord ended = stopping.ended(end(143, "", 0));

        assertThat(types(Changes.added(INTENDED))).containsExactly("container.created");
        assertThat(types(Changes.between(INTENDED, started))).containsExactly("container.started");
        assertThat(types(Changes.between(started, ready))).containsExactly("container.ready");
        assertThat(types(Changes.between(ready, unready))).containsExactly("container.unready");
        assertThat(types(Changes.between(unready, stopping))).containsExactly("container.stopping");
        assertThat(types(Changes.between(stopping, ended))).containsExactly("container.exited");
        assertThat(types(Changes.removed(ended))).containsExactly("container.removed");
    }

    @Test
    void whatDoesNotChangeIsNoEvent() {
        Stream.of(
                        INTENDED,
                        INTENDED.started(START).checked(true),
                        INTENDED.started(START).asked(Asked.STOP),
                        INTENDED.ended(end(1, "", 1)))
                .forEach(record -> assertThat(Changes.between(record, record))
                        .as("%s", record)
                        .isEmpty());
        assertThat(Changes.between(service("", true), service("", true))).isEmpty();
    }

    @Test
    void severalChangesAtOnceComeInTheOrderOfALife() {
        ContainerRecord ended = INTENDED.started(START)
                .limited(Json.read("test", "{\"memory\":\"96m\"}", ContainerLimits.class))
                .asked(Asked.STOP)
                .ended(end(137, "out of memory", 2));

        assertThat(types(Changes.between(INTENDED, ended)))
                .containsExactly(
                        "container.started",
                        "container.updated",
                        "container.stopping",
                        "container.oom",
                        "container.exited");
        assertThat(types(Changes.added(INTENDED.started(START).checked(true))))
                .containsExactly("container.created", "container.started", "container.ready");
    }

    @Test
    void readyContainerThatEndsIsNotUnreadyAsWell() {
        ContainerRecord ready = INTENDED.started(START).checked(true);

        assertThat(types(Changes.between(ready, ready.ended(end(0, "", 0))))).containsExactly("container.exited");
    }

    @Test
    void restartIsToldBeforeItsStart() {
        ContainerRecord ended = INTENDED.started(START).checked(true).ended(end(1, "", 0));
        ContainerRecord again = ended.again(4, new Restarts(1, 1));

        assertThat(types(Changes.between(ended, again))).containsExactly("container.restarting");
        assertThat(Json.write(Changes.between(ended, again).getFirst().details()))
                .isEqualTo("{\"role\":\"replica\",\"restarts\":1}");
        assertThat(types(Changes.between(again, again.started(START)))).containsExactly("container.started");
        assertThat(types(Changes.between(ended, again.started(START))))
                .containsExactly("container.restarting", "container.started");
    }

    @Test
    void restartThatFailsEndsOnceMoreAndNotTwice() {
        ContainerRecord ended = INTENDED.started(START).ended(end(1, "", 0));
        ContainerRecord again = ended.again(4, new Restarts(1, 1));
        ContainerRecord failed = again.ended(end(127, "cannot start", 0));

        assertThat(Changes.between(again, ended)).isEmpty();
        assertThat(types(Changes.between(ended, failed))).containsExactly("container.exited");
        assertThat(types(Changes.between(again, failed))).containsExactly("container.exited");
        assertThat(Changes.between(failed, failed)).isEmpty();
    }

    @Test
    void containerThatEndsToBeRestartedIsStoppingAndOneThatRestsMayBeStopped() {
        ContainerRecord started = INTENDED.started(START);
        ContainerRecord ended = started.ended(end(1, "", 0));

        assertThat(types(Changes.between(started, started.asked(Asked.RESTART))))
                .containsExactly("container.stopping");
        assertThat(Changes.between(started.asked(Asked.RESTART), started.asked(Asked.STOP)))
                .isEmpty();
        assertThat(types(Changes.between(ended, ended.asked(Asked.STOP)))).containsExactly("container.stopping");
        assertThat(Changes.between(ended, ended.asked(Asked.RESTART))).isEmpty();
    }

    @Test
    void detailsSayWhoAndHow() {
        ContainerRecord started = INTENDED.started(START);
        EventDraft start = Changes.between(INTENDED, started).getFirst();
        assertThat(start.container()).contains(INTENDED.name());
        assertThat(Json.write(start.details())).isEqualTo("{\"role\":\"replica\",\"pid\":4711}");

        List<EventDraft> end = Changes.between(started, started.ended(end(137, "out of memory", 2)));
        assertThat(Json.write(end.getFirst().details())).isEqualTo("{\"role\":\"replica\",\"oom-kills\":2}");
        assertThat(Json.write(end.getLast().details()))
                .isEqualTo("{\"role\":\"replica\",\"ended\":\"2026-11-23T19:25:27.123Z\",\"exit-code\":137,"
                        + "\"oom-kills\":2,\"reason\":\"out of memory\"}");

        ContainerLimits limits = Json.read("test", "{\"memory\":\"96m\"}", ContainerLimits.class);
        assertThat(Json.write(Changes.between(started, started.limited(limits))
                        .getFirst()
                        .details()))
                .isEqualTo("{\"role\":\"replica\",\"limits\":{\"memory\":\"96m\"}}");
    }

    @Test
    void lifeOfAServiceIsOneEventAStep() {
        ServiceRecord first = service("", false);
        ServiceRecord other = service(",\"port\":9000", false);
        ServiceRecord removing = service(",\"port\":9000", true);
        ContainerRecord old = INTENDED.ended(end(0, "", 0));

        assertThat(types(Changes.added(first))).containsExactly("service.added");
        assertThat(types(Changes.between(first, other))).containsExactly("service.updated");
        assertThat(types(Changes.between(other, removing))).containsExactly("service.removing");
        assertThat(types(Changes.removed(removing, List.of(old))))
                .containsExactly("container.removed", "service.removed");
        assertThat(Changes.added(first).getFirst().container()).isEmpty();
    }

    @Test
    void namesOfTypesAreReadAsTheyAreWritten() {
        for (EventType type : EventType.values()) {
            assertThat(Json.read("test", Json.write(type), EventType.class)).isEqualTo(type);
            assertThat(type.text()).matches("(service|container)\\.[a-z]+|other");
        }
    }

    @Test
    void deploymentsAreTold() {
        ServiceRecord before = service(",\"container\":{\"command\":\"/bin/x\"}", false);
        ServiceRecord deploying = before.deploying(before.spec());
        Revision first = deploying.deploying().orElseThrow();

        assertThat(types(Changes.between(before, deploying))).containsExactly("service.deploying");
        EventDraft failed =
                Changes.between(deploying, deploying.failed(first, "it ended")).getFirst();
        assertThat(failed.type().text()).isEqualTo("service.failed");
        assertThat(failed.details().revision()).contains(1);
        assertThat(failed.details().reason()).contains("it ended");
        ServiceRecord active = deploying.activated(first);
        ServiceRecord next = active.deploying(before.spec());
        assertThat(types(Changes.between(next, next.activated(next.deploying().orElseThrow()))))
                .containsExactly("service.deployed");
    }
}
