package brocker.client;

import static brocker.client.Canned.CONTAINER;
import static brocker.client.Canned.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code container update}. */
@Timeout(60)
class UpdateTest {
    @RegisterExtension
    final Client client = new Client();

    @Test
    void updateSendsWhatIsNamedAndPrintsTheName() {
        client.daemon.on("PATCH /api/v1/containers/5f0c", 200, CONTAINER);
        assertThat(client.run(
                        "container",
                        "update",
                        "--memory",
                        "1g",
                        "--cpus=1.5",
                        "--pids",
                        "9",
                        "--cpuset",
                        "0-1",
                        "5f0c"))
                .isZero();
        assertThat(client.out()).isEqualTo(NAME + "\n");
        assertThat(client.daemon.requests)
                .containsExactly(
                        "PATCH /api/v1/containers/5f0c {\"memory\":\"1g\",\"cpus\":1.5,\"cpuset\":\"0-1\",\"pids\":9}");
    }

    @Test
    void updateThatCannotBeIsWrongUsage() {
        String[][] wrong = {
            {},
            {"--memory", "1k"},
            {"--memory", "-1"},
            {"--cpus", "0"},
            {"--cpus", "x"},
            {"--pids", "1"},
            {"--pids", "1e3"},
            {"--cpuset", "1-0"}
        };
        for (String[] options : wrong) {
            List<String> words = new java.util.ArrayList<>(List.of("container", "update", "5f0c"));
            words.addAll(List.of(options));
            assertThat(client.run(words.toArray(String[]::new)))
                    .as(words.toString())
                    .isEqualTo(2);
        }
        assertThat(client.err())
                .startsWith("""
                error: there is nothing to change
                hint: usage: brocker-client container update [--memory S] [--cpus N] [--pids N] [--cpuset LIST] NAME...
                error: --memory: "1k" is too little memory
                hint: write at least "4m"
                error: --memory: "-1" is not a size
                """)
                .contains(
                        "error: --cpus: \"0\" is not a number of processors", "error: --cpus: \"x\" is not a number\n")
                .contains(
                        "error: --pids: \"1\" is not a number of processes", "error: --pids: \"1e3\" is not a number\n")
                .contains("error: --cpuset: \"1-0\" is not a list of processors");
    }
}
