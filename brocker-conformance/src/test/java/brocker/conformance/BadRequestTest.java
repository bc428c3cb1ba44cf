package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What other clients than ours may send: refused as RFC 9457 says, and the daemon is as well afterwards. */
class BadRequestTest {
    private static final long HUNDRED_MEGABYTES = 100_000_000;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    @AfterEach
    void theDaemonIsWellAndUnchanged() {
        assertThat(BROCKERD.rest().get("/api/v1/health").json().path("status").asString())
                .isEqualTo("ok");
        BROCKERD.client("container", "list").succeeded();
        Unchanged.assertOnly(BROCKERD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000000", "Transfer-Encoding: chunked"})
    void aBodyOfHundredMegabytesIsTooLarge(String framing) throws IOException {
        assertThat(sendHundredMegabytes(framing)).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void theDaemonDoesNotKeepWhatItRefused() throws IOException {
        long before = residentKilobytes();
        for (int i = 0; i < 3; i++) {
            sendHundredMegabytes("Transfer-Encoding: chunked");
        }
        assertThat(residentKilobytes() - before).isLessThan(100_000);
    }

    @Test
    void aThousandUnknownRoutesAreNotFound() {
        Rest rest = BROCKERD.rest();
        for (int i = 0; i < 1000; i++) {
            Rest.Answer answer = i % 2 == 0
                    ? rest.get("/api/v1/nothing/" + i)
                    : rest.post("/elsewhere/" + i + "?x=%22", "{\"a\": " + i + "}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(404);
            assertThat(answer.json().path("code").asString()).isEqualTo("no-such-route");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{", "{\"name\":", "\u0000", "{\"name\":\"x\",\"name\":\"y\"}", "{\"name\":{}}"
            })
    void aBodyThatIsNoServiceIsAProblem(String body) {
        Rest.Answer answer = BROCKERD.rest().post("/api/v1/services", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(400);
        assertThat(problem.path("code").asString()).matches("[a-z]+(-[a-z]+)*");
        assertThat(problem.path("detail").asString()).isNotBlank().doesNotContain("\n", "Exception");
    }

    @Test
    void aDeeplyNestedBodyIsAProblem() {
        Rest.Answer answer = BROCKERD.rest().post("/api/v1/services", "{\"name\":" + "[".repeat(200_000));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "%2e%2e%2fetc%2fpasswd", "zz", "-1"})
    void anArtifactWhoseNameIsNoDigestIsRefused(String name) {
        Rest.Answer answer =
                BROCKERD.rest().send("PUT", "/api/v1/artifacts/" + name, HttpRequest.BodyPublishers.ofString("x"));
        assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    }

    @Test
    void anArtifactWithAnotherContentThanItsDigestIsNotStored() {
        String digest = "0".repeat(64);
        Rest.Answer answer =
                BROCKERD.rest().send("PUT", "/api/v1/artifacts/" + digest, HttpRequest.BodyPublishers.ofString("x"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo("digest-mismatch");
        assertThat(BROCKERD.rest()
                        .send("HEAD", "/api/v1/artifacts/" + digest, HttpRequest.BodyPublishers.noBody())
                        .status())
                .isEqualTo(404);
        assertThat(Host.entries(BROCKERD.state().resolve("artifacts"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/services", "/api/v1/containers", "/api/v1/health", "/openapi.json", "/nothing"})
    void withoutATokenNothingIsAnswered(String path) throws IOException {
        Http.Answer answer = Http.get("127.0.0.1", BROCKERD.port(), path);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    /** Gives the status line. The daemon may answer and hang up before it has read everything. */
    private static String sendHundredMegabytes(String framing) throws IOException {
        boolean chunked = framing.startsWith("Transfer");
        byte[] megabyte = new byte[1_000_000];
        Arrays.fill(megabyte, (byte) ' ');
        try (Socket socket = Http.connect("127.0.0.1", BROCKERD.port())) {
            OutputStream out = socket.getOutputStream();
            String token = Host.lines(BROCKERD.token()).getFirst();
            out.write(("POST /api/v1/services HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                            + "\r\nContent-Type: application/json\r\n" + framing + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            try {
                for (long sent = 0; sent < HUNDRED_MEGABYTES; sent += megabyte.length) {
                    if (chunked) {
                        out.write((Integer.toHexString(megabyte.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    }
                    out.write(megabyte);
                    if (chunked) {
                        out.write(new byte[] {'\r', '\n'});
                    }
                }
            } catch (SocketException e) {
                // The answer that made it hang up is read all the same.
                assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return String.valueOf(in.readLine());
        }
    }

    private static long residentKilobytes() {
        List<String> lines = Host.read(BROCKERD.pid(), "status").lines().toList();
        return lines.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
