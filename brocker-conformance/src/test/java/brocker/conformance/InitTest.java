package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code brocker-run} takes, for as long as a container lives. */
class InitTest {
    private static final long MOST_KILOBYTES = 100;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @BeforeAll
    static void add() {
        BROCKERD.addService("{\"name\": \"init\"}");
    }

    @Test
    void takesLessThanAHundredKilobytesBesideAQuietCommand() {
        assertThat(resident(BROCKERD.runTool("init", "sleep"))).isBetween(1L, MOST_KILOBYTES);
    }

    @Test
    void takesNoMoreAfterTenMegabytesOfLogInLongLines() {
        String command = "head -c 10000000 /dev/zero | tr '\\\\0' x; touch done; sleep 600";
        String json = "{\"service-name\": \"init\", \"command\": [\"/bin/sh\", \"-c\", \"%s\"]}".formatted(command);
        String name = BROCKERD.client(
                        "container", "run", BROCKERD.file("long.json", json).toString())
                .succeeded()
                .stdout()
                .strip();
        Await.until(
                "it has written",
                Duration.ofSeconds(30),
                () -> Host.entries(BROCKERD.containers().resolve(name)).contains("done"));
        assertThat(resident(name)).isBetween(1L, MOST_KILOBYTES);
    }

    /** Of PID 1, in kilobytes, see proc_pid_smaps(5). */
    private static long resident(String name) {
        String rollup = Host.read(BROCKERD.view(name).path("pid").asLong(), "smaps_rollup");
        return rollup.lines()
                .filter(line -> line.startsWith("Rss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }
}
