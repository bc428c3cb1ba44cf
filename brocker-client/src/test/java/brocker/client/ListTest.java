package brocker.client;

import static brocker.client.Canned.CONTAINER;
import static brocker.client.Canned.ENDED;
import static brocker.client.Canned.NAME;
import static brocker.client.Canned.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code container list}, {@code service list} and {@code check}. */
@Timeout(60)
class ListTest {
    @RegisterExtension
    final Client client = new Client();

    @Test
    void containersAreListedAsATableThatCannotDriveTheTerminal() {
        client.daemon.on("GET /api/v1/containers?all=true", 200, "[" + CONTAINER + "," + ENDED + "]");
        assertThat(client.run("container", "ls", "-a")).isZero();
        assertThat(client.out()).isEqualTo("""
                NAME           SERVICE   STATE                 ADDRESS    STARTED         COMMAND
                5f0c5f0c5f0c   shop      running (not ready)   10.0.1.3   3 minutes ago   /bin/sh -c 'a\\u001b[31m b'
                5f0c5f0c5f0c   shop      exited (143)          10.0.1.3   3 minutes ago   /bin/sh -c 'a\\u001b[31m b'
                """);
    }

    @Test
    void reasonOfAnEndIsListedBesideItsCode() {
        client.daemon.on(
                "GET /api/v1/containers?all=true",
                200,
                "[" + ENDED.replace("143", "137,\"oom-kills\":1,\"reason\":\"out of memory\"") + "]");
        assertThat(client.run("container", "ls", "-a")).isZero();
        assertThat(client.out()).contains(" exited (137, out of memory) ");
    }

    @Test
    void commandIsCutToTheWidthOfATerminal() {
        client.terminal = true;
        client.env.put("COLUMNS", "95");
        client.daemon.on("GET /api/v1/containers", 200, "[" + CONTAINER + "]");
        assertThat(client.run("container", "list")).isZero();
        assertThat(client.out().lines().toList().getLast()).hasSize(95).endsWith("…");
    }

    @Test
    void quietListPrintsWholeNamesAndJsonKeepsUnknownKeys() {
        client.daemon.on("GET /api/v1/containers", 200, "[" + CONTAINER + "]");
        assertThat(client.run("-q", "container", "list")).isZero();
        assertThat(client.out()).isEqualTo(NAME + "\n");
        client.stdout.reset();
        assertThat(client.run("container", "--format", "json", "list")).isZero();
        assertThat(client.out())
                .startsWith("[\n  {\n    \"name\"")
                .contains("\"later\" : {")
                .endsWith("]\n");
    }

    @Test
    void servicesAreListedAsATable() {
        client.daemon.on("GET /api/v1/services", 200, "[" + SERVICE + "]");
        assertThat(client.run("service", "list")).isZero();
        assertThat(client.out()).isEqualTo("""
                NAME   BRIDGE     ADDRESS       PUBLISH          HOSTS   READY
                shop   brocker3   10.0.1.1/24   127.0.0.1:8080   -       2/3
                """);
    }

    @Test
    void checkFailsWhenSomethingIsMissing() {
        client.daemon.on(
                "GET /api/v1/check",
                200,
                "[{\"subject\":\"nginx\",\"level\":\"missing\",\"detail\":\"none\",\"hint\":\"get it\"}]");
        assertThat(client.run("check")).isEqualTo(1);
        assertThat(client.out()).isEqualTo("""
                LEVEL     SUBJECT   DETAIL
                missing   nginx     none
                                    hint: get it
                """);
    }
}
