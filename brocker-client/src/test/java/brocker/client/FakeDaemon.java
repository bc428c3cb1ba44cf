package brocker.client;

import brocker.spec.json.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A daemon with canned answers that remembers what it was asked. Its token is {@code secret}. */
final class FakeDaemon implements AutoCloseable {
    /** @param body each byte as the character of that number */
    private record Answer(int status, String type, String body) {
        static Answer of(int status, String type, String text) {
            return new Answer(
                    status, type, new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
    }

    final List<String> requests = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Answer> later = new ConcurrentHashMap<>();
    private final String authorization;
    private final WebServer server;

    FakeDaemon() {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "Bearer secret");
    }

    /** One at a socket of this machine, to which nobody shows a token. */
    FakeDaemon(Path socket) {
        this(UnixDomainSocketAddress.of(socket), "");
    }

    private FakeDaemon(SocketAddress address, String authorization) {
        this.authorization = authorization;
        server = WebServer.builder()
                .bindAddress(address)
                .addRouting(HttpRouting.builder().any(this::answer))
                .build()
                .start();
    }

    String address() {
        return "http://127.0.0.1:" + server.port();
    }

    FakeDaemon on(String request, int status, String body) {
        answers.put(request, Answer.of(status, "application/json", body));
        return this;
    }

    /** Answers with bytes that need not be text, each as the character of that number. */
    FakeDaemon onBytes(String request, String body) {
        answers.put(request, new Answer(200, "text/plain", body));
        return this;
    }

    /** What it answers after the first time. */
    FakeDaemon then(String request, int status, String body) {
        later.put(request, Answer.of(status, "application/json", body));
        return this;
    }

    FakeDaemon problem(String request, int status, String code, String detail, String hint) {
        String body = "{\"type\":\"about:blank\",\"title\":\"x\",\"status\":" + status + ",\"code\":\"" + code
                + "\",\"detail\":" + Json.write(detail) + ",\"hint\":" + Json.write(hint) + "}";
        answers.put(request, Answer.of(status, "application/problem+json", body));
        return this;
    }

    private void answer(ServerRequest request, ServerResponse response) {
        String query = request.query().rawValue().isEmpty()
                ? ""
                : "?" + request.query().rawValue();
        String line = request.prologue().method().text() + " " + request.path().rawPath() + query;
        byte[] body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        boolean upload = line.startsWith("PUT ");
        if (upload) {
            uploads.put(line, body);
        }
        requests.add(upload || body.length == 0 ? line : line + " " + new String(body, StandardCharsets.UTF_8));
        if (!request.headers().first(HeaderNames.AUTHORIZATION).orElse("").equals(authorization)) {
            response.status(Status.UNAUTHORIZED_401).send();
            return;
        }
        Answer answer = answers.getOrDefault(line, Answer.of(upload ? 201 : 404, "text/plain", ""));
        if (later.containsKey(line)) {
            answers.put(line, later.get(line));
        }
        response.status(answer.status()).header(HeaderNames.CONTENT_TYPE, answer.type());
        response.send(answer.body().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        server.stop();
    }
}
