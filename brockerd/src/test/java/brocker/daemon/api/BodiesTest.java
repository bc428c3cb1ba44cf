package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.BrockerException;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import brocker.spec.wire.Problem;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies and problems through a real server on loopback. */
@Timeout(20)
final class BodiesTest {
    private final WebServer server = WebServer.builder()
            .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .shutdownHook(false)
            .featuresDiscoverServices(false)
            .routing(HttpRouting.builder()
                    .post(
                            "/echo",
                            (request, response) ->
                                    Bodies.send(response, Status.CREATED_201, Bodies.read(request, ServiceSpec.class)))
                    .get("/broken", (request, response) -> {
                        throw new IllegalStateException("a defect");
                    })
                    .error(BrockerException.class, (request, response, e) -> Problems.send(response, e))
                    .error(Throwable.class, (request, response, e) -> Problems.sendUnexpected(response, e)))
            .build()
            .start();

    @AfterEach
    void stop() {
        server.stop();
    }

    private record Answer(int status, String type, String body) {}

    private Answer send(String path, String body, boolean announced) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
        if (!path.equals("/broken")) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            connection.setDoOutput(true);
            if (announced) {
                connection.setFixedLengthStreamingMode(bytes.length);
            } else {
                connection.setChunkedStreamingMode(0);
            }
            connection.getOutputStream().write(bytes);
        }
        boolean failed = connection.getResponseCode() >= 400;
        try (var in = failed ? connection.getErrorStream() : connection.getInputStream()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(connection.getResponseCode(), connection.getContentType(), text);
        }
    }

    private Answer post(String body) throws Exception {
        return send("/echo", body, true);
    }

    private static void assertProblem(Answer answer, int status, String code, String detail) {
        Problem problem = Json.read("answer", answer.body(), Problem.class);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.detail()).isEqualTo(detail);
    }

    @Test
    void recordGoesInAndOut() throws Exception {
        Answer answer = post("{\"name\":\"shop\",\"port\":81}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.type()).isEqualTo("application/json");
        assertThat(Json.read("answer", answer.body(), ServiceSpec.class))
                .isEqualTo(Json.read("test", "{\"name\":\"shop\",\"port\":81}", ServiceSpec.class));
    }

    @Test
    void malformedBodyIsRefusedWithItsPlace() throws Exception {
        assertProblem(
                post("{\"name\":\"shop\",\n\"prt\":81}"),
                400,
                "unknown-key",
                "\"request body\" line 2: unknown key \"prt\"");
        assertProblem(post(""), 400, "missing-key", "\"request body\" line 1: the key \"name\" is missing");
        assertThat(post("not json").status()).isEqualTo(400);
    }

    @Test
    void bodyOfMoreThanAMegabyteIsRefusedAnnouncedOrNot() throws Exception {
        String body = "{\"name\":\"" + "x".repeat(1 << 20) + "\"}";
        for (boolean announced : new boolean[] {true, false}) {
            Answer answer = send("/echo", body, announced);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.type()).isEqualTo("application/problem+json");
            assertThat(answer.body()).contains("\"code\":\"body-too-large\"", "the request body is larger than 1 MiB");
        }
    }

    @Test
    void defectOfOursIs500WithACode() throws Exception {
        assertProblem(send("/broken", "", true), 500, "internal", "a defect");
    }
}
