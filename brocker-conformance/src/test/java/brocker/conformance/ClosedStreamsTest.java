package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that are started with closed streams, as by {@code <&-}: the first file that they open must not take their place. */
class ClosedStreamsTest {
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private static String name = "";

    @BeforeAll
    static void startClosed() {
        BROCKERD.stop();
        BROCKERD.startBy(List.of("sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh"));
        BROCKERD.addService("{\"name\": \"closed\"}");
        name = BROCKERD.runTool("closed", "sleep");
    }

    private static Outcome client(String closed, String... arguments) {
        List<String> words = Stream.concat(
                        Stream.of("sh", "-c", "exec \"$@\" " + closed, "sh"),
                        Outcome.command(Distribution.program("brocker-client"), arguments).stream())
                .toList();
        return Outcome.run(words, BROCKERD.clientEnv(), new byte[0]);
    }

    @Test
    void closedInputIsEmpty() {
        assertThat(client("<&-", "container", "exec", "-i", name, "wc", "-c")
                        .succeeded()
                        .stdout())
                .isEqualTo("0\n");
    }

    @Test
    void closedOutputTakesNothing() {
        assertThat(client(">&-", "container", "exec", name, "echo", "out")
                        .succeeded()
                        .stderr())
                .isEmpty();
        assertThat(client("2>&-", "container", "exec", name, "echo", "out")
                        .succeeded()
                        .stdout())
                .isEqualTo("out\n");
        assertThat(client("<&- >&- 2>&-", "container", "exec", "-i", name, "cat")
                        .code())
                .isZero();
    }

    @Test
    void streamsOfTheDaemonAreDevNull() {
        Map<String, String> streams = Map.of("0", "/dev/null", "1", "/dev/null", "2", "/dev/null");
        streams.forEach((stream, target) -> assertThat(
                        Outcome.of("readlink", "/proc/" + BROCKERD.pid() + "/fd/" + stream)
                                .strip())
                .isEqualTo(target));
    }
}
