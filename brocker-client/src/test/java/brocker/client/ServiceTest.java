package brocker.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code service status}, and what {@code service deploy}, {@code scale} and {@code rollback} refuse. */
@Timeout(60)
class ServiceTest {
    private static final String FAILED = "the container \\\"5f0c5f0c5f0c\\\" ended with code 1; it wrote last:";

    @RegisterExtension
    final Client client = new Client();

    @TempDir
    Path folder;

    private static String revision(int number, String state, String changed, String reason) {
        return "{\"number\":" + number + ",\"state\":\"" + state + "\",\"changed\":\"2026-11-23T" + changed + "Z\""
                + (reason.isEmpty() ? "" : ",\"reason\":\"" + reason + "\"") + "}";
    }

    private void serveStatus(String... revisions) {
        client.daemon
                .on(
                        "GET /api/v1/services/shop",
                        200,
                        "{\"name\":\"shop\",\"ready\":1,\"desired\":1,\"revisions\":[" + String.join(",", revisions)
                                + "]}")
                .on("GET /api/v1/containers", 200, "[]");
    }

    @Test
    void statusTellsWhyRevisionsFailedAndWhatTheLastOneWrote() {
        serveStatus(
                revision(1, "failed", "18:00:00", FAILED + "\\nlong ago"),
                revision(2, "active", "19:25:00", ""),
                revision(3, "failed", "19:28:18", FAILED + "\\nno \u001b[31mport\\n\\nbye"));
        assertThat(client.run("service", "status", "shop")).isZero();
        assertThat(client.out()).isEqualTo("""
                shop: 1/1 ready

                REVISION   STATE    SINCE            REASON
                1          failed   1 hour ago       the container "5f0c5f0c5f0c" ended with code 1
                2          active   3 minutes ago    -
                3          failed   12 seconds ago   the container "5f0c5f0c5f0c" ended with code 1

                revision 3 wrote last:
                  | no \\u001b[31mport
                  |\s
                  | bye
                """);
    }

    @Test
    void statusIsSilentAboutTheLogOfAFailureThatIsOver() {
        serveStatus(revision(1, "active", "19:28:00", ""), revision(2, "failed", "19:00:00", FAILED + "\\nlong ago"));
        assertThat(client.run("service", "status", "shop")).isZero();
        assertThat(client.out()).endsWith(" ended with code 1\n").doesNotContain("long ago");
    }

    @Test
    void numberOfReplicasThatCannotBeIsWrongUsage() {
        for (String wrong : List.of("abc", "0", "201", "99999999999")) {
            assertThat(client.run("service", "scale", "shop", wrong)).as(wrong).isEqualTo(2);
            assertThat(client.err())
                    .isEqualTo("error: \"" + wrong + "\" is not a number of replicas\nhint: write 1 to 200\n");
            client.stderr.reset();
        }
        assertThat(client.daemon.requests).isEmpty();
    }

    @Test
    void hintForAServiceThatIsNotThereIsTheOneForWhatWasAsked() throws IOException {
        Path file = Files.writeString(folder.resolve("s.json"), "{\"name\":\"shp\",\"container\":{\"command\":\"x\"}}");
        client.daemon.on("GET /api/v1/containers?all=true", 200, "[]");
        for (String verb : List.of("deploy", "scale", "rollback")) {
            client.daemon.problem("POST /api/v1/services/shp/" + verb, 404, "service-not-found", "none", "for " + verb);
        }
        assertThat(client.run("service", "deploy", file.toString())).isEqualTo(1);
        assertThat(client.run("service", "scale", "shp", "2")).isEqualTo(1);
        assertThat(client.run("service", "rollback", "shp")).isEqualTo(1);
        assertThat(client.err()).isEqualTo("""
                error: none
                hint: for deploy
                error: none
                hint: for scale
                error: none
                hint: for rollback
                """);
    }
}
