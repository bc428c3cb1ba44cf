package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What nginx does to requests, by the keys {@code proxy} and {@code nginx}. */
class ProxyTest {
    private static final String LOOPBACK = "127.0.0.1";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "web");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: */*", "Accept: text/event-stream"})
    void anEventArrivesBeforeTheAnswerEnds(String accept) throws IOException {
        add("");
        try (Socket socket = Http.connect(LOOPBACK, port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /events HTTP/1.1\r\nHost: web\r\nAccept-Encoding: gzip\r\n" + accept + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(Http.head(socket.getInputStream())).contains("Content-Type: text/event-stream");
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .contains("data: 1");
        }
    }

    @Test
    void aBufferedAnswerStillStreamsToWhoAsksForEvents() throws IOException {
        add(", \"proxy\": {\"buffering\": true}");
        anEvent("Accept: text/event-stream");
    }

    private void anEvent(String accept) throws IOException {
        try (Socket socket = Http.connect(LOOPBACK, port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /events HTTP/1.1\r\nHost: web\r\n" + accept + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            Http.head(socket.getInputStream());
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .contains("data: 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', gzip", "', \"proxy\": {\"gzip\": false}', ''"})
    void textIsCompressedForWhoTakesIt(String keys, String coding) throws IOException {
        add(keys);
        assertThat(send("/json", "Accept-Encoding: gzip")
                        .header("Content-Encoding")
                        .orElse(""))
                .isEqualTo(coding);
        assertThat(send("/json").header("Content-Encoding")).isEmpty();
    }

    @Test
    void whatAClientSaysOfThoseBeforeItIsNotBelieved() throws IOException {
        add("");
        String seen = send(
                        "/headers",
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: evil",
                        "X-Forwarded-Port: 1",
                        "X-Forwarded-Prefix: /evil",
                        "Forwarded: for=6.6.6.6",
                        "X-Real-IP: 6.6.6.6")
                .body();
        assertThat(seen)
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "X-Real-IP: 127.0.0.1\r\n")
                .contains("X-Forwarded-Host: 127.0.0.1\r\n")
                .doesNotContain("6.6.6.6", "evil", "https", "X-Forwarded-Port", "X-Forwarded-Prefix", "Forwarded: for");
    }

    @Test
    void whatATrustedProxySaysIsPassedOn() throws IOException {
        add(", \"proxy\": {\"trusted-proxies\": [\"127.0.0.0/8\"]}");
        assertThat(send(
                                "/headers",
                                "X-Forwarded-For: 6.6.6.6",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Host: shop.example",
                                "Forwarded: for=6.6.6.6")
                        .body())
                .contains(
                        "X-Forwarded-For: 6.6.6.6, 127.0.0.1\r\n",
                        "X-Forwarded-Proto: https\r\n",
                        "X-Forwarded-Host: shop.example\r\n",
                        "X-Real-IP: 6.6.6.6\r\n",
                        "Forwarded: for=6.6.6.6\r\n");
        assertThat(send("/headers").body())
                .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "X-Real-IP: 127.0.0.1\r\n");
    }

    @Test
    void theIdOfARequestIsKeptOrMadeAndLogged() throws IOException {
        add("");
        assertThat(send("/headers", "X-Request-Id: order-7").body()).contains("X-Request-Id: order-7\r\n");
        String made = "X-Request-Id: [0-9a-f]{12}-\\d+-\\d+";
        List<String> ids = Stream.of(
                        send("/headers").body(),
                        send("/headers").body(),
                        send("/headers", "X-Request-Id: a\"b").body())
                .flatMap(String::lines)
                .filter(line -> line.matches(made))
                .toList();
        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        Await.until(
                "the line is logged", Duration.ofSeconds(10), () -> log("log").contains("id=order-7"));
        assertThat(log("log").lines().filter(line -> line.contains("id=order-7")))
                .singleElement()
                .asString()
                .matches(
                        ".* stdout F \\S+T\\S+ 127\\.0\\.0\\.1 \"GET /headers HTTP/1\\.1\" 200 bytes=\\d+ time=\\d+\\.\\d{3} "
                                + "id=order-7 upstream=\"10\\.78\\.1\\.3:9000\" upstream-status=\"200\" connect=\"\\S+\" "
                                + "header=\"\\S+\" response=\"\\S+\" host=\"127\\.0\\.0\\.1\" agent=\"-\"");
    }

    @Test
    void theLogIsRotated() throws IOException {
        add("");
        String path = "/status/200?" + "x".repeat(7_000);
        for (int i = 0; i < 1_600; i++) {
            send(path);
        }
        Path directory = directory();
        Await.until("a second file", Duration.ofSeconds(10), () -> Files.exists(directory.resolve("log.1")));
        assertThat(Files.size(directory.resolve("log.1"))).isBetween(9L << 20, 10L << 20);
        assertThat(Files.size(directory.resolve("log"))).isLessThan(10L << 20);
    }

    @Test
    void aLongerBodyIsRefused() throws IOException {
        add(", \"proxy\": {\"max-body-size\": \"1k\"}");
        assertThat(Http.send(LOOPBACK, port, "POST", "/", List.of(), new byte[1024])
                        .status())
                .isEqualTo(200);
        assertThat(Http.send(LOOPBACK, port, "POST", "/", List.of(), new byte[1025])
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "DELETE"})
    void withoutAReadyContainerEveryMethodIsToldToTryAgain(String method) throws IOException {
        BROCKERD.addService(spec("", "").replace(", \"container\": {}", ""));
        try (Socket socket = Http.connect(LOOPBACK, port)) {
            OutputStream out = socket.getOutputStream();
            out.write((method + " /any HTTP/1.1\r\nHost: web\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(Http.head(socket.getInputStream()))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nRetry-After: 1\r\n", "\r\nContent-Type: text/plain\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo(method.equals("HEAD") ? "" : "no container of this service is ready\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "etag off;\\nfoo bar;"            | nginx refuses line 2 of "nginx", "foo bar;": unknown directive "foo"
            ["etag off;", "}", "server {"]    | nginx refuses line 2 of "nginx", "}": unexpected "}"
            ["location /x {"]                 | nginx refuses line 2 of "nginx": unexpected end of file, expecting "}"
            ["location / { return 200; }"]    | nginx refuses line 1 of "nginx", "location / { return 200; }": duplicate location "/"
            ["client_max_body_size 1;"]       | nginx refuses line 1 of "nginx", "client_max_body_size 1;": "client_max_body_size" directive is duplicate
            """)
    void directivesThatNginxRefusesChangeNothing(String directives, String refusal) throws IOException {
        String wrong = ", \"nginx\": " + directives;
        refused(refusal, "service", "add", file(spec(Tool.template("serve 9000"), wrong)));
        assertThat(BROCKERD.client("service", "list").stdout()).doesNotContain("web");
        BROCKERD.leftovers().assertNothingOfContainers();
        add("");
        JsonNode before = BROCKERD.service("web");
        refused(refusal, "service", "deploy", file(spec(Tool.template("serve 9000 10"), wrong)));
        assertThat(BROCKERD.service("web")).isEqualTo(before);
        assertThat(BROCKERD.containers("web")).hasSize(2);
        assertThat(send("/").status()).isEqualTo(200);
    }

    @Test
    void directivesComeAndGoWithTheirRevision() throws IOException {
        add("");
        String more =
                ", \"nginx\": [\"location = /hello { return 200 hi; }\", \"location /api/ { proxy_pass http://application; }\"]";
        deploy(more);
        assertThat(send("/hello").body()).isEqualTo("hi");
        assertThat(send("/api/").status()).isEqualTo(200);
        assertThat(send("/headers").body()).contains("X-Request-Id: ");
        BROCKERD.client("service", "rollback", "web").succeeded();
        assertThat(send("/hello").body()).isNotEqualTo("hi");
        try (var files = Files.list(BROCKERD.state().resolve("proxies/web"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("nginx.conf")
                    .noneMatch(name -> name.startsWith("directives-"));
        }
    }

    @Test
    void whatADeploymentBringsIsThereWhenItIsDoneWhoeverJoinsMeanwhile() throws Exception {
        // It does not end by its stop signal, so it is still there for two seconds when it serves no more.
        String lingers = ", \"stop-signal\": \"SIGWINCH\", \"stop-timeout\": \"2s\"";
        BROCKERD.addService(spec(Tool.template("serve 9000") + lingers, ""));
        BROCKERD.awaitReady("web", 1);
        String old = replica();
        String revision = spec(Tool.template("serve 9000 10"), ", \"nginx\": \"location = /hello { return 200 hi; }\"");
        BROCKERD.rest().post("/api/v1/services/web/deploy", revision).succeeded();
        awaitState(old, "stopping");
        Await.pause(Duration.ofMillis(500));
        // Because it rests, the last change of the deployment takes three seconds.
        try (Socket kept = new Socket(InetAddress.ofLiteral(LOOPBACK), port)) {
            kept.getOutputStream().write("GET / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(kept.getInputStream().readNBytes(15)).asString().isEqualTo("HTTP/1.1 200 OK");
            awaitState(old, "exited");
            BROCKERD.runTool("web", "serve 9000");
            while (BROCKERD.isDeploying("web")) {
                Thread.onSpinWait();
            }
            assertThat(send("/hello").body()).isEqualTo("hi");
        }
    }

    @Test
    void aContainerThatNginxDoesNotLetGoOfIsNotStopped() throws Exception {
        add("");
        String name = replica();
        // Where the candidate is to be written.
        Path obstacle = Files.createDirectory(BROCKERD.state().resolve("proxies/web/nginx.conf.candidate"));
        CompletableFuture<Outcome> stopping =
                CompletableFuture.supplyAsync(() -> BROCKERD.client("container", "stop", name));
        Await.until(
                "it is said",
                Duration.ofSeconds(20),
                () -> BROCKERD.service("web").path("problem").asString().contains("nginx.conf.candidate"));
        assertThat(BROCKERD.client("service", "status", "web").stdout()).contains("\nnginx: ", "nginx.conf.candidate");
        assertThat(BROCKERD.client("events", "--since", "1").stdout())
                .containsPattern("container\\.unready +web +[0-9a-f]{12} +role=proxy");
        Await.pause(Duration.ofSeconds(1));
        assertThat(send("/").host()).isEqualTo(name.substring(0, 12));
        assertThat(stopping).isNotDone();
        Files.delete(obstacle);
        stopping.get().succeeded();
        assertThat(BROCKERD.view(name).path("exit-code").asInt()).isEqualTo(143);
        assertThat(BROCKERD.service("web").path("problem").isMissingNode()).isTrue();
    }

    private static String replica() {
        return BROCKERD.replicas("web").stream()
                .map(view -> view.path("name").asString())
                .findFirst()
                .orElseThrow();
    }

    private static void awaitState(String name, String state) {
        Await.until(
                "it is " + state,
                Duration.ofSeconds(20),
                () -> BROCKERD.view(name).path("state").asString().equals(state));
    }

    private void add(String keys) {
        BROCKERD.addService(spec(Tool.template("serve 9000"), keys));
        BROCKERD.awaitReady("web", 1);
    }

    private void deploy(String keys) {
        BROCKERD.client("service", "deploy", file(spec(Tool.template("serve 9000 10"), keys)))
                .succeeded();
    }

    private String spec(String template, String keys) {
        return """
                {"name": "web", "bridge-ip": "10.78.1.1", "publish": "127.0.0.1:%d", "port": 9000, "container": {%s}%s}""".formatted(port, template, keys);
    }

    private static String file(String json) {
        return BROCKERD.file("web.json", json).toString();
    }

    private static void refused(String error, String... words) {
        Outcome outcome = BROCKERD.client(words);
        assertThat(outcome.code()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: " + error);
    }

    private Http.Answer send(String path, String... headers) throws IOException {
        return Http.send(LOOPBACK, port, "GET", path, List.of(headers), new byte[0]);
    }

    private static Path directory() {
        String proxy = BROCKERD.service("web").path("proxy").asString();
        return BROCKERD.state().resolve("containers").resolve(proxy);
    }

    private static String log(String file) {
        try {
            return Files.readString(directory().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
