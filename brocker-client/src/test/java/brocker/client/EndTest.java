package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code container wait} and {@code container kill}. */
@Timeout(60)
class EndTest {
    private static final String NAME = "5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c";

    private final FakeDaemon daemon = new FakeDaemon();
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    @AfterEach
    void stopDaemon() {
        daemon.close();
    }

    private int run(String... args) {
        return Main.run(
                List.of(args),
                Map.of("BROCKER_HOST", daemon.address(), "BROCKER_TOKEN", "secret"),
                new ByteArrayInputStream(new byte[0]),
                stdout,
                stderr);
    }

    private String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

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
        daemon.on(waited("5f"), 200, view("running", ""))
                .on(waitedLong(NAME), 200, view("restarting", ",\"exit-code\":3"))
                .then(waitedLong(NAME), 200, view("exited", ",\"exit-code\":143"));
        assertThat(run("container", "wait", "5f")).isEqualTo(143);
        assertThat(out()).isEqualTo("143\n");
        assertThat(daemon.requests).containsExactly(waited("5f"), waitedLong(NAME), waitedLong(NAME));
    }

    @Test
    void ofSeveralTheFirstCodeThatIsNotZeroCounts() {
        daemon.on(waited("a"), 200, view("exited", ",\"exit-code\":0"))
                .problem(waited("b"), 404, "container-not-found", "there is no container \"b\"", "")
                .on(waited("c"), 200, view("exited", ",\"exit-code\":9"));
        assertThat(run("container", "wait", "a", "c", "b")).isEqualTo(9);
        assertThat(out()).isEqualTo("0\n9\n");
        assertThat(err()).isEqualTo("error: there is no container \"b\"\n");
        assertThat(run("container", "wait", "a", "b", "c")).isEqualTo(1);
        assertThat(run("container", "wait", "a")).isZero();
    }

    @Test
    void asJsonTheContainersAreShownAsTheyEnded() {
        daemon.on(waited("a"), 200, view("exited", ",\"exit-code\":4"));
        assertThat(run("container", "wait", "a", "--format", "json")).isEqualTo(4);
        assertThat(out()).startsWith("{").contains("\"exit-code\" : 4");
    }

    @Test
    void daemonThatWasNeverThereIsNotWaitedFor() {
        assertThat(run("container", "wait", "a", "--host", "http://127.0.0.1:1"))
                .isEqualTo(125);
        assertThat(err()).startsWith("error: no daemon answers at ");
    }

    @Test
    void killSendsTheSignalByItsWholeName() {
        daemon.on("POST /api/v1/containers/5f/kill", 200, view("running", ""));
        assertThat(run("container", "kill", "--signal", "hup", "5f")).isZero();
        assertThat(run("container", "kill", "5f")).isZero();
        assertThat(daemon.requests)
                .containsExactly(
                        "POST /api/v1/containers/5f/kill {\"signal\":\"SIGHUP\"}",
                        "POST /api/v1/containers/5f/kill {}");
        assertThat(out()).isEqualTo((NAME + "\n").repeat(2));
    }

    @Test
    void signalThatIsNoneNamesTheNearest() {
        assertThat(run("container", "kill", "--signal", "SIGTREM", "5f")).isEqualTo(2);
        assertThat(err()).isEqualTo("""
                error: --signal: "SIGTREM" is not a signal that a container can be sent
                hint: did you mean "SIGTERM"?
                """);
        assertThat(daemon.requests).isEmpty();
    }
}
