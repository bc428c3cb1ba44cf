package brocker.client;

import static brocker.client.Canned.CONTAINER;
import static brocker.client.Canned.ENDED;
import static brocker.client.Canned.NAME;
import static brocker.client.Canned.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Verbs that take several names, or one that is cut. */
@Timeout(60)
class NamesTest {
    @RegisterExtension
    final Client client = new Client();

    @Test
    void oneInspectedNameIsAnObjectAndSeveralAreAnArrayOfThoseThereAre() {
        client.daemon
                .on("GET /api/v1/services/shop", 200, SERVICE)
                .problem("GET /api/v1/services/no", 404, "no-service", "no \"no\"", "")
                .on("GET /api/v1/containers/5f", 200, CONTAINER);
        assertThat(client.run("container", "inspect", "5f")).isZero();
        assertThat(client.out())
                .startsWith("{\n  \"name\"")
                .contains("\"later\" : {")
                .endsWith("}\n");
        client.stdout.reset();
        assertThat(client.run("service", "inspect", "shop", "shop")).isZero();
        assertThat(client.out())
                .startsWith("[\n  {\n    \"name\"")
                .endsWith("  }\n]\n")
                .containsOnlyOnce("[\n  {");
        client.stdout.reset();
        assertThat(client.run("service", "inspect", "no", "shop")).isEqualTo(1);
        assertThat(client.out()).startsWith("[\n  {\n    \"name\" : \"shop\"").endsWith("  }\n]\n");
        client.stdout.reset();
        assertThat(client.run("service", "inspect", "no")).isEqualTo(1);
        assertThat(client.out()).isEmpty();
        assertThat(client.err()).isEqualTo("error: no \"no\"\nerror: no \"no\"\n");
    }

    @Test
    void removedContainerIsPrintedByItsWholeName() {
        client.daemon.on("GET /api/v1/containers/5f", 200, ENDED).on("DELETE /api/v1/containers/" + NAME, 204, "");
        assertThat(client.run("container", "rm", "5f")).isZero();
        assertThat(client.out()).isEqualTo(NAME + "\n");
        assertThat(client.run("container", "rm", "6f")).isEqualTo(1);
        assertThat(client.out()).isEqualTo(NAME + "\n");
    }

    @Test
    void stopGoesOnAfterAFailure() {
        client.daemon
                .problem("POST /api/v1/containers/aa/stop", 404, "no-container", "no \u001b\"aa\"", "look")
                .on("POST /api/v1/containers/5f/stop", 200, ENDED);
        assertThat(client.run("container", "stop", "aa", "5f", "--timeout", "3s"))
                .isEqualTo(1);
        assertThat(client.out()).isEqualTo(NAME + "\n");
        assertThat(client.err()).isEqualTo("error: no \\u001b\"aa\"\nhint: look\n");
        assertThat(client.daemon.requests.getLast()).endsWith("{\"timeout\":\"3s\"}");
    }
}
