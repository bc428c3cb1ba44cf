package brocker.client;

import static brocker.client.Canned.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code container stats}. */
@Timeout(60)
class StatsTest {
    @RegisterExtension
    final Client client = new Client();

    private static String stats(int second, long cpu) {
        return "{\"name\":\"" + NAME + "\",\"service\":\"shop\",\"read\":\"2026-11-23T19:25:" + second + "Z\","
                + "\"cpu-nanoseconds\":" + cpu + ",\"memory\":24641536,\"memory-limit\":536870912,\"pids\":31,"
                + "\"pids-limit\":4096,\"network-received\":90,\"network-sent\":2048,\"block-read\":1572864,\"later\":{}}";
    }

    @Test
    void statsOfAllAreTwoLooksAndATable() {
        client.daemon
                .on("GET /api/v1/stats", 200, "[" + stats(10, 1_000_000_000L) + "]")
                .then("GET /api/v1/stats", 200, "[" + stats(12, 4_000_000_000L) + "]");
        assertThat(client.run("container", "stats")).isZero();
        assertThat(client.out()).isEqualTo("""
                NAME           SERVICE   CPU       MEMORY     OF LIMIT           PIDS   NETWORK IN   OUT     BLOCK READ   WRITTEN
                5f0c5f0c5f0c   shop      150.0 %   23.5 MiB   4.6 % of 512 MiB   31     90 B         2 KiB   1.5 MiB      -
                """);
        assertThat(client.daemon.requests).hasSize(2);
    }

    @Test
    void statsOfOneAsJsonHaveTheShareOfTheProcessors() {
        client.daemon.on("GET /api/v1/containers/5f0c/stats", 200, stats(10, 1_000_000_000L));
        client.daemon.on(
                "GET /api/v1/stats",
                200,
                "[" + stats(12, 1_123_000_000L) + "," + stats(12, 1).replace("5f0c5f", "aaaaaa") + "]");
        assertThat(client.run("container", "stats", "--format", "json", "5f0c")).isZero();
        assertThat(client.out())
                .startsWith("[\n  {\n    \"name\" : \"" + NAME + "\"")
                .contains("\"cpu-percent\" : 6.2,", "\"memory\" : 24641536,", "\"block-read\" : 1572864")
                .doesNotContain("aaaaaa", "block-written");
    }

    @Test
    void statsOfAnEndedContainerAreRefusedAndThoseOfTheOthersShown() {
        client.daemon.problem(
                "GET /api/v1/containers/ab/stats", 409, "container-not-running", "\"ab\" is not running", "");
        client.daemon.on("GET /api/v1/containers/5f0c/stats", 200, stats(10, 0));
        client.daemon.on("GET /api/v1/stats", 200, "[" + stats(12, 0) + "]");
        assertThat(client.run("container", "stats", "ab")).isEqualTo(1);
        assertThat(client.out()).isEmpty();
        assertThat(client.run("container", "stats", "ab", "5f0c")).isEqualTo(1);
        assertThat(client.out()).contains("5f0c5f0c5f0c   shop      0.0 %");
        assertThat(client.err()).isEqualTo("error: \"ab\" is not running\n".repeat(2));
    }

    @Test
    void statsOnATerminalAreShownAgainUntilNobodyLooks() {
        client.terminal = true;
        client.env.put("COLUMNS", "200");
        client.daemon.on("GET /api/v1/stats", 200, "[" + stats(10, 0) + "]");
        OutputStream twice = new OutputStream() {
            private int frames;

            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (frames++ == 3) {
                    throw new IOException("closed");
                }
                client.stdout.write(bytes, offset, length);
            }
        };
        assertThat(client.run(twice, "container", "stats")).isNotZero();
        assertThat(client.out()).startsWith("\u001b[2J\u001b[HNAME").doesNotContain(" \n");
        assertThat(client.out().split("\u001b\\[HNAME", -1)).hasSize(3);
        client.stdout.reset();
        assertThat(client.run("container", "stats", "--no-stream")).isZero();
        assertThat(client.out()).startsWith("NAME").doesNotContain("\u001b");
    }
}
