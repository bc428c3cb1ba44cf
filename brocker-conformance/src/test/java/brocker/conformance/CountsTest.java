package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's limits for each user hold for each container: a container that exhausts one leaves the host and its neighbours theirs. */
class CountsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String neighbour = "";

    @BeforeAll
    static void run() {
        BROCKERD.addService("{\"name\": \"counts\", \"bridge-ip\": \"10.77.47.1\"}");
        neighbour = BROCKERD.runProbe("counts", "hold");
    }

    private static String log(String name) {
        return BROCKERD.client("container", "logs", name).succeeded().stdout();
    }

    /** Runs a container that takes as many as it can, up to a number, and keeps them. */
    private static String hog(String what, int number, String... keys) {
        String name = BROCKERD.runProbe("counts", what + " " + number + " hold", keys);
        Await.until("it holds them", Duration.ofSeconds(10), () -> log(name).contains("ready"));
        return name;
    }

    /** Ends it, and gives what it printed. */
    private static String end(String name) {
        BROCKERD.client("container", "stop", name).succeeded();
        assertThat(BROCKERD.awaitExit(name)).isZero();
        return log(name);
    }

    /** The same attempt by the host's root, started by a program that lowers a limit. */
    private static String outside(List<String> limiter, String what, int number) {
        List<String> command = new ArrayList<>(limiter);
        command.addAll(List.of(Probe.path().toString(), what, String.valueOf(number)));
        return Outcome.run(command, Map.of(), new byte[0]).succeeded().stdout().strip();
    }

    @Test
    void inotifyInstancesAreTheContainersOwn() {
        String most =
                Host.lines(Path.of("/proc/sys/fs/inotify/max_user_instances")).getFirst();
        String name = hog("instances", 100_000);

        assertThat(outside(List.of(), "instances", 3)).isEqualTo("allowed 3");
        assertThat(Probe.inside(BROCKERD, neighbour, "instances", "3")).isEqualTo("allowed 3");
        assertThat(Probe.inside(BROCKERD, name, "instances", "1")).isEqualTo("refused EMFILE");
        // Not fewer, as if the host's root had some of them, nor what a process may have open at most.
        assertThat(end(name)).contains("refused EMFILE " + most + "\n");
    }

    /** A container with the host's user ids uses up the host's. */
    @ParameterizedTest
    @CsvSource({"true, allowed 10", "false, refused EAGAIN"})
    void queuedSignalsAreTheContainersOwn(String namespace, String outside) {
        String name = hog("signals", 3000, "\"user-namespace\": " + namespace);

        assertThat(outside(List.of("prlimit", "--sigpending=2000:"), "signals", 10))
                .isEqualTo(outside);
        assertThat(end(name)).contains("allowed 3000");
        assertThat(outside(List.of("prlimit", "--sigpending=2000:"), "signals", 10))
                .isEqualTo("allowed 10");
    }

    @ParameterizedTest
    @CsvSource({"true, allowed 5", "false, refused EMFILE"})
    void messageQueuesAreTheContainersOwn(String namespace, String outside) {
        String name = hog("queues", 1000, "\"user-namespace\": " + namespace);

        assertThat(outside(List.of(), "queues", 5)).isEqualTo(outside);
        if (namespace.equals("true")) {
            assertThat(Probe.inside(BROCKERD, neighbour, "queues", "5")).isEqualTo("allowed 5");
        }
        assertThat(end(name)).contains("refused EMFILE ");
        assertThat(outside(List.of(), "queues", 5)).isEqualTo("allowed 5");
    }
}
