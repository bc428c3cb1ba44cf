package brocker.client;

import static brocker.client.Canned.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code container wait} and {@code container kill}. */
@Timeout(60)
class EndTest {

    @RegisterExtension
    final Client client = new Client();

    private static String waited(String name) {
        return "GET /api/v1/containers/" + name + "/wait?timeout=0s";
    }

    private static String waitedLong(String name) {
        return "GET /api/v1/containers/" + name + "/wait?timeout=30s";
    }

    private static String view(String state, String more) {
        return "{\"name\":\"" + NAME + "\",\"state\":\"" + state + "\"" + more + "}";
    }

    @Test
    void waitAsksAgainByTheWholeNameUntilItHasEnded() {
        client.daemon
                .on(waited("5f"), 200, view("running", ""))
                .on(waitedLong(NAME), 200, view("restarting", ",\"exit-code\":3"))
                .then(waitedLong(NAME), 200, view("exited", ",\"exit-code\":143"));
        assertThat(client.run("container", "wait", "5f")).isEqualTo(143);
        assertThat(client.out()).isEqualTo("143\n");
        assertThat(client.daemon.requests).containsExactly(waited("5f"), waitedLong(NAME), waitedLong(NAME));
    }

    @Test
    void ofSeveralTheFirstCodeThatIsNotZeroCounts() {
        client.daemon
                .on(waited("a"), 200, view("exited", ",\"exit-code\":0"))
                .problem(waited("b"), 404, "container-not-found", "there is no container \"b\"", "")
                .on(waited("c"), 200, view("exited", ",\"exit-code\":9"));
        assertThat(client.run("container", "wait", "a", "c", "b")).isEqualTo(9);
        assertThat(client.out()).isEqualTo("0\n9\n");
        assertThat(client.err()).isEqualTo("error: there is no container \"b\"\n");
        assertThat(client.run("container", "wait", "a", "b", "c")).isEqualTo(1);
        assertThat(client.run("container", "wait", "a")).isZero();
    }

    @Test
    void asJsonTheContainersAreShownAsTheyEnded() {
        client.daemon.on(waited("a"), 200, view("exited", ",\"exit-code\":4"));
        assertThat(client.run("container", "wait", "a", "--format", "json")).isEqualTo(4);
        assertThat(client.out()).startsWith("{").contains("\"exit-code\" : 4");
    }

    @Test
    void daemonThatWasNeverThereIsNotWaitedFor() {
        assertThat(client.run("container", "wait", "a", "--host", "http://127.0.0.1:1"))
                .isEqualTo(125);
        assertThat(client.err()).startsWith("error: no daemon answers at ");
    }

    @Test
    void killSendsTheSignalByItsWholeName() {
        client.daemon.on("POST /api/v1/containers/5f/kill", 200, view("running", ""));
        assertThat(client.run("container", "kill", "--signal", "hup", "5f")).isZero();
        assertThat(client.run("container", "kill", "5f")).isZero();
        assertThat(client.daemon.requests)
                .containsExactly(
                        "POST /api/v1/containers/5f/kill {\"signal\":\"SIGHUP\"}",
                        "POST /api/v1/containers/5f/kill {}");
        assertThat(client.out()).isEqualTo((NAME + "\n").repeat(2));
    }

    @Test
    void signalThatIsNoneNamesTheNearest() {
        assertThat(client.run("container", "kill", "--signal", "SIGTREM", "5f")).isEqualTo(2);
        assertThat(client.err()).isEqualTo("""
                error: --signal: "SIGTREM" is not a signal that a container can be sent
                hint: did you mean "SIGTERM"?
                """);
        assertThat(client.daemon.requests).isEmpty();
    }
}
