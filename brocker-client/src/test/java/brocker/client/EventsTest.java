package brocker.client;

import static brocker.client.Canned.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class EventsTest {
    private static final String ADDED =
            "{\"sequence\":17,\"at\":\"2026-11-23T19:25:26Z\",\"type\":\"service.added\",\"service\":\"shop\",\"details\":{}}";
    private static final String EXITED =
            "{\"sequence\":19,\"at\":\"2026-11-23T19:25:26.123456Z\",\"type\":\"container.exited\","
                    + "\"service\":\"shop\",\"container\":\"" + NAME
                    + "\",\"details\":{\"role\":\"replica\",\"later\":[1],"
                    + "\"ended\":\"2026-11-23T19:25:26Z\",\"exit-code\":137,\"oom-kills\":1,\"reason\":\"out of\\u001b memory\"}}";
    private static final String UPDATED =
            "{\"sequence\":20,\"at\":\"2026-11-23T19:25:26.009Z\",\"type\":\"container.updated\","
                    + "\"service\":\"shop\",\"container\":\"" + NAME + "\",\"details\":{\"role\":\"replica\","
                    + "\"limits\":{\"memory\":\"96m\",\"pids\":40}}}";

    @RegisterExtension
    final Client client = new Client();

    private static String message(String data) {
        return "id: " + data.substring(12, 14) + "\nevent: x\ndata: " + data + "\n\n";
    }

    private static String problem(String code) {
        return "event: problem\ndata: {\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"code\":\""
                + code + "\",\"detail\":\"they are gone\",\"hint\":\"look\"}\n\n";
    }

    @Test
    void eventsAreLinesOfColumnsThatCannotDriveTheTerminal() {
        client.daemon.on("GET /api/v1/events?follow=false", 200, message(ADDED) + message(EXITED) + message(UPDATED));
        assertThat(client.run("events")).isZero();
        assertThat(client.out()).isEqualTo("""
                TIME                       SEQUENCE   TYPE                   SERVICE        CONTAINER      DETAILS
                2026-11-23T19:25:26.000Z   17         service.added          shop           -
                2026-11-23T19:25:26.123Z   19         container.exited       shop           5f0c5f0c5f0c   role=replica exit-code=137 oom-kills=1 reason="out of\\u001b memory"
                2026-11-23T19:25:26.009Z   20         container.updated      shop           5f0c5f0c5f0c   role=replica memory=96m pids=40
                """);
        assertThat(client.err()).isEmpty();
    }

    @Test
    void asJsonEachIsTheDaemonsOwnLine() {
        client.daemon.on(
                "GET /api/v1/events?follow=false&since=16", 200, ": comment\n\n" + message(ADDED) + message(EXITED));
        assertThat(client.run("events", "--format", "json", "--since=16")).isZero();
        assertThat(client.out()).isEqualTo(ADDED + "\n" + EXITED + "\n");
    }

    @Test
    void followingGoesOnAfterTheLastEventWhereTheConnectionIsLost() {
        client.daemon
                .on("GET /api/v1/events?follow=true", 200, "retry: 1000\nid: 16\n\n")
                .on(
                        "GET /api/v1/events?follow=true&since=16",
                        200,
                        "id: 16\n\n" + message(ADDED) + "id: 18\nevent: cut\n")
                .on("GET /api/v1/events?follow=true&since=17", 200, "id: 17\n\n" + message(EXITED))
                .on("GET /api/v1/events?follow=true&since=19", 200, "id: 19\n\n" + problem("events-forgotten"));
        assertThat(client.run("events", "-f", "--format", "json")).isEqualTo(1);
        assertThat(client.out()).isEqualTo(ADDED + "\n" + EXITED + "\n");
        assertThat(client.err())
                .isEqualTo("warning: the daemon has left; events go on when it is back\n".repeat(3)
                        + "error: they are gone\nhint: look\n");
    }

    @Test
    void thatTheDaemonIsAwayIsSaidOnce() {
        client.daemon
                .on("GET /api/v1/events?follow=true", 200, "id: 16\n\n")
                .problem("GET /api/v1/events?follow=true&since=16", 503, "leaving", "it leaves", "")
                .then("GET /api/v1/events?follow=true&since=16", 200, problem("event-not-found"));
        assertThat(client.run("events", "-f")).isEqualTo(1);
        assertThat(client.err()).isEqualTo("""
                warning: the daemon has left; events go on when it is back
                error: they are gone
                hint: look
                """);
    }

    @Test
    void daemonThatWasNeverThereIsNotWaitedFor() {
        assertThat(client.run("events", "-f", "--host", "http://127.0.0.1:1")).isEqualTo(125);
        assertThat(client.err()).startsWith("error: no daemon answers at ");
    }

    @Test
    void numberIsChecked() {
        for (String wrong : List.of("", "x", "-1", "12345678901234567890")) {
            assertThat(client.run("events", "--since=" + wrong)).isEqualTo(2);
        }
        assertThat(client.err()).contains("error: --since: \"x\" is not the number of an event");
        assertThat(client.daemon.requests).isEmpty();
    }

    @Test
    void streamThatIsNoneOfOursIsNotUnderstood() {
        client.daemon.on("GET /api/v1/events?follow=false", 200, "id: x y\ndata: {}\n\n");
        assertThat(client.run("events", "--format", "json")).isEqualTo(1);
        assertThat(client.err()).contains("the daemon's event has no number: \"x y\"");
    }
}
