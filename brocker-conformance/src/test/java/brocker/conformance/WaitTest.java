package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code container wait} and {@code container kill}. */
class WaitTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"waited\", \"bridge-ip\": \"10.77.60.1\"}");
    }

    private static String run(String arguments, String... keys) {
        return BROCKERD.runTool("waited", arguments, keys);
    }

    private static CompletableFuture<Outcome> inBackground(String... arguments) {
        return CompletableFuture.supplyAsync(() -> BROCKERD.client(arguments));
    }

    private static void awaitReady(String name) {
        Await.until(
                name + " is ready",
                Duration.ofSeconds(10),
                () -> BROCKERD.rest()
                        .get("/api/v1/containers/" + name + "/logs")
                        .body()
                        .contains("ready"));
    }

    @Test
    void waitPrintsTheCodesInOrderAndExitsWithTheFirstThatIsNotZero() {
        String fine = run("exit 0");
        String five = run("exit 5");
        String signalled = run("raise 15");
        Outcome outcome = BROCKERD.client("container", "wait", fine, five, signalled.substring(0, 12));
        assertThat(outcome.stdout()).isEqualTo("0\n5\n143\n");
        assertThat(outcome.code()).isEqualTo(5);
        assertThat(BROCKERD.client("container", "wait", signalled).code()).isEqualTo(143);
        assertThat(BROCKERD.client("container", "wait", fine).succeeded().stdout())
                .isEqualTo("0\n");
    }

    @Test
    void unknownNameDoesNotKeepTheOthers() {
        Outcome outcome = BROCKERD.client("container", "wait", "ffffffffffff", run("exit 7"));
        assertThat(outcome.stdout()).isEqualTo("7\n");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: there is no container \"ffffffffffff\"");
    }

    @Test
    void waitingGoesOnOverAKilledDaemon() {
        String name = run("signalled");
        awaitReady(name);
        CompletableFuture<Outcome> waiting = inBackground("container", "wait", name);
        BROCKERD.awaitPatientClient();
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(waiting).isNotDone();
        BROCKERD.client("container", "kill", "--signal", "usr1", name).succeeded();
        Outcome outcome = waiting.join();
        assertThat(outcome.stdout()).isEqualTo("50\n");
        assertThat(outcome.code()).isEqualTo(50);
        assertThat(outcome.stderr()).isEqualTo("warning: the daemon has left; waiting goes on when it is back\n");
    }

    @Test
    void endThatHappenedWithoutADaemonIsAnsweredAtOnce() {
        String name = run("exit 9");
        BROCKERD.awaitExit(name);
        BROCKERD.kill();
        BROCKERD.start();
        assertThat(BROCKERD.client("container", "wait", name).code()).isEqualTo(9);
    }

    @Test
    void containerThatIsStartedAgainHasNotEnded() {
        String name = run("exit 3", "\"restart\": \"on-failure:1\"");
        assertThat(BROCKERD.client("container", "wait", name).code()).isEqualTo(3);
        JsonNode view = BROCKERD.view(name);
        assertThat(view.path("restarts").asInt()).isEqualTo(1);
        assertThat(view.path("reason").asString()).contains("given up");
    }

    @Test
    void whoWaitsIsToldOfTheEndOfAServiceThatIsRemoved() {
        BROCKERD.addService("{\"name\": \"leaving\", \"bridge-ip\": \"10.77.61.1\"}");
        String name = BROCKERD.runTool("leaving", "sleep", "\"restart\": \"always\"");
        CompletableFuture<Outcome> waiting = inBackground("container", "wait", name);
        BROCKERD.awaitPatientClient();
        BROCKERD.client("service", "remove", "leaving").succeeded();
        assertThat(waiting.join().stdout()).isEqualTo("143\n");
    }

    @Test
    void waitThatIsTooShortShowsTheContainerAsItIs() {
        String name = run("sleep");
        JsonNode view = BROCKERD.rest()
                .get("/api/v1/containers/" + name + "/wait?timeout=1ms")
                .succeeded()
                .json();
        assertThat(view.path("state").asString()).isEqualTo("running");
        assertThat(BROCKERD.rest()
                        .get("/api/v1/containers/" + name + "/wait?timeout=soon")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void killedContainerIsNotStartedAgain() {
        String name = run("sleep", "\"restart\": \"always\"");
        assertThat(BROCKERD.client("container", "kill", name.substring(0, 12))
                        .succeeded()
                        .stdout()
                        .strip())
                .isEqualTo(name);
        assertThat(BROCKERD.client("container", "wait", name).code()).isEqualTo(137);
        assertThat(BROCKERD.view(name).path("restarts").asInt()).isZero();
    }

    @Test
    void otherSignalsAreOnlyDelivered() {
        String name = run("signalled", "\"restart\": \"on-failure:1\"");
        awaitReady(name);
        BROCKERD.client("container", "kill", "--signal", "HUP", name).succeeded();
        Await.until("it was started again", Duration.ofSeconds(10), () -> {
            JsonNode view = BROCKERD.view(name);
            return view.path("restarts").asInt() == 1
                    && view.path("state").asString().equals("running");
        });
        BROCKERD.client("container", "stop", name).succeeded();
    }

    @Test
    void wrongSignalsAndContainersAreRefused() {
        String name = run("sleep");
        BROCKERD.client("container", "kill", "--signal", "TREM", name)
                .failed(2)
                .saying("--signal: \"TREM\" is not a signal")
                .hinting("did you mean \"SIGTERM\"?");
        BROCKERD.client("container", "kill", "--signal", "99", name).failed(2).hinting("known: SIGHUP, ");
        BROCKERD.client("container", "kill", "--signal", "STOP", name).failed(1).saying("\"SIGSTOP\" would stop PID 1");
        BROCKERD.client("container", "stop", name).succeeded();
        BROCKERD.client("container", "kill", name).failed(1).saying(name.substring(0, 12), "is not running");
        String proxy = BROCKERD.service("waited").path("proxy").asString();
        BROCKERD.client("container", "kill", proxy).failed(1).saying("is the proxy of the service \"waited\"");
    }
}
