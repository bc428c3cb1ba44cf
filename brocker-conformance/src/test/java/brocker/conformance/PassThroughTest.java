package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What nginx lets through to an application that would do anything: it changes to every protocol that it is asked for, and answers for
 * every host. By a service's own address and through an ingress.
 */
class PassThroughTest {
    private static final String KEYS_OF_HTTP2 = "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @AfterEach
    void remove() {
        BROCKERD.client("service", "remove", "web");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    static Stream<String> places() {
        return Stream.of("", "\"hosts\": \"web.example\", ");
    }

    @ParameterizedTest
    @MethodSource("places")
    void onlyWebSocketIsUpgraded(String place) throws IOException {
        add(place, "");
        for (String offer : new String[] {
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + KEYS_OF_HTTP2,
            "Connection: Upgrade\r\nUpgrade: x\r\n",
            "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n",
            "Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n",
            "Connection: keep-alive\r\nUpgrade: websocket\r\n",
        }) {
            assertThat(ask("GET / HTTP/1.1\r\nHost: web.example\r\n" + offer))
                    .as(offer)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: keep-alive\r\n");
            assertThat(headersSeen(offer)).as(offer).doesNotContainIgnoringCase("upgrade", "http2-settings");
        }
        for (String offer : new String[] {
            "Connection: Upgrade\r\nUpgrade: websocket\r\n",
            "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n",
            "Connection: upgrade,keep-alive\r\nUpgrade: websocket\r\n",
        }) {
            assertThat(ask("GET / HTTP/1.1\r\nHost: web.example\r\n" + offer))
                    .as(offer)
                    .startsWith("HTTP/1.1 101 ");
            assertThat(headersSeen(offer)).as(offer).containsIgnoringCase("\nConnection: upgrade\r\n");
        }
    }

    /** Java's {@code HttpClient} offers h2c with every request in the clear. */
    @ParameterizedTest
    @MethodSource("places")
    void requestThatOffersHttp2IsAnOrdinaryOne(String place) throws IOException {
        add(place, ", \"proxy\": {\"read-timeout\": \"1s\"}");
        String offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" + KEYS_OF_HTTP2;
        assertThat(ask("GET /late/3000 HTTP/1.1\r\nHost: web.example\r\n" + offer))
                .startsWith("HTTP/1.1 504 ");
        Await.until("its time counts", Duration.ofSeconds(10), () -> {
            JsonNode traffic = BROCKERD.service("web").path("traffic");
            return traffic.path("p50-milliseconds").asDouble() >= 900;
        });
    }

    @ParameterizedTest
    @MethodSource("places")
    void hostsOfRequestLineAndHeaderAgree(String place) throws IOException {
        add(place, ", \"nginx\": \"location /own/ { proxy_pass http://application; }\"");
        for (String path : new String[] {"/", "/own/"}) {
            assertThat(asked("http://web.example" + path, "other.example")).startsWith("HTTP/1.1 400 ");
            assertThat(asked("http://web.example" + path, "web.example.other")).startsWith("HTTP/1.1 400 ");
            assertThat(asked("http://web.example" + path, "xweb.example")).startsWith("HTTP/1.1 400 ");
            assertThat(asked("http://web.example" + path, "web-example")).startsWith("HTTP/1.1 400 ");
            assertThat(asked("http://web.example" + path, "web.example")).startsWith("HTTP/1.1 200 ");
            assertThat(asked("http://WEB.example:8080" + path, "web.EXAMPLE:" + port))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void hostThatIsNotOneIsRefused() throws IOException {
        add("", "");
        for (String headers :
                List.of("Host: web.example\r\nHost: other.example", "Host:", "X: y", "Host: a b", "Host: a:x")) {
            assertThat(ask("GET / HTTP/1.1\r\n" + headers + "\r\n")).as(headers).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void oldClientMayLeaveTheHostOut() throws IOException {
        add("", "");
        assertThat(ask("GET / HTTP/1.0\r\n")).startsWith("HTTP/1.1 200 ");
        assertThat(ask("GET http://web.example/headers HTTP/1.0\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\nHost: web.example\r\n");
    }

    @Test
    void applicationSeesTheHostAsTheClientWroteIt() throws IOException {
        add("", "");
        for (String host : List.of("web.example", "WEB.example:81")) {
            assertThat(ask("GET /headers HTTP/1.1\r\nHost: " + host + "\r\n")).contains("\nHost: " + host + "\r\n");
        }
    }

    private void add(String place, String keys) {
        BROCKERD.addService("""
                {"name": "web", %s"publish": "127.0.0.1:%d", "port": 9000, "container": {%s}%s}""".formatted(place, port, Tool.template("serve 9000"), keys));
        BROCKERD.awaitReady("web", 1);
    }

    private String asked(String target, String host) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    }

    private String headersSeen(String offer) throws IOException {
        String answer = ask("GET /headers HTTP/1.1\r\nHost: web.example\r\n" + offer);
        return answer.substring(answer.indexOf("\r\n\r\n"));
    }

    /** Sends a head and gives the answer, as far as its length says. */
    private String ask(String head) throws IOException {
        try (Socket socket = Http.connect("127.0.0.1", port)) {
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = Http.head(in);
            int length = answer.lines()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                    .findFirst()
                    .orElse(0);
            return answer + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        }
    }
}
