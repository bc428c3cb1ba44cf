package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several services on one port, told apart by host and path. */
class IngressTest {
    private static final int CLIENTS = 8;

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private final String ingress = "ingress-127-0-0-1-" + port;

    @AfterEach
    void removingTheLastServiceLeavesNothing() {
        for (String service : List.of("shop", "cart", "other")) {
            BROCKERD.client("service", "remove", service);
        }
        assertThat(BROCKERD.rest().get("/api/v1/services").body()).isEqualTo("[]");
        BROCKERD.leftovers().assertNothingOfContainers();
        assertThat(Host.entries(BROCKERD.work().resolve("run/ingress/s"))).isEmpty();
    }

    @Test
    void hostAndPathSayWhichServiceAnswers() throws Exception {
        add("shop", "\"hosts\": [\"shop.example\", \"Www.Shop.example\"]");
        add("cart", "\"hosts\": [\"shop.example\", \"cart.example\"], \"paths\": [\"/cart\", \"/api/v2/\"]");
        assertThat(get("shop.example", "/").host()).isEqualTo(hostname("shop"));
        assertThat(get("SHOP.example:" + port, "/cartoon").host()).isEqualTo(hostname("shop"));
        assertThat(get("www.shop.example", "/cart").host()).isEqualTo(hostname("shop"));
        for (String path : List.of("/cart", "/cart/", "/cart/1?x=%20y", "/api/v2", "/api/v2/a")) {
            assertThat(get("shop.example", path).host()).as(path).isEqualTo(hostname("cart"));
        }
        assertThat(get("cart.example", "/cart/1").host()).isEqualTo(hostname("cart"));
        assertThat(get("cart.example", "/").status()).isEqualTo(404);
        assertThat(get("other.example", "/").status()).isEqualTo(404);
        assertThat(get("127.0.0.1", "/").body()).isEqualTo("no service has this host here\n");
        assertThat(BROCKERD.client("service", "list").succeeded().stdout().lines())
                .anyMatch(line -> line.matches("shop .* shop.example,www.shop.example +1/1"))
                .anyMatch(line -> line.matches(ingress + " .*\\(ingress\\) +-"));
    }

    @Test
    void applicationIsToldOfTheClientAndNotWhatTheClientClaims() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        List<String> forged = List.of(
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 1",
                "X-Real-IP: 6.6.6.6",
                "X-Ingress-Peer: 6.6.6.6",
                "X-Ingress-Scheme: https",
                "X-Request-Id: mine-1");
        try (Socket socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral("127.0.0.7"), 0)) {
            String seen = Http.send(socket, "shop.example:81", "GET", "/headers", forged, new byte[0])
                    .body();
            assertThat(seen.lines())
                    .contains(
                            "Host: shop.example:81",
                            "X-Forwarded-For: 127.0.0.7",
                            "X-Real-IP: 127.0.0.7",
                            "X-Forwarded-Proto: http",
                            "X-Forwarded-Host: shop.example:81",
                            "X-Forwarded-Port: " + port,
                            "X-Request-Id: mine-1");
            assertThat(seen).doesNotContain("6.6.6.6").doesNotContain("X-Ingress");
        }
    }

    @Test
    void trustedProxyIsBelievedThroughTheIngress() throws Exception {
        add("shop", "\"hosts\": \"shop.example\", \"proxy\": {\"trusted-proxies\": [\"127.0.0.7\"]}");
        List<String> said = List.of("X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https");
        assertThat(headersSeenFrom("127.0.0.7", said))
                .contains("X-Forwarded-For: 6.6.6.6, 127.0.0.7", "X-Real-IP: 6.6.6.6", "X-Forwarded-Proto: https");
        assertThat(headersSeenFrom("127.0.0.8", said))
                .contains("X-Forwarded-For: 127.0.0.8", "X-Real-IP: 127.0.0.8", "X-Forwarded-Proto: http");
    }

    private List<String> headersSeenFrom(String client, List<String> said) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(client), 0)) {
            return Http.send(socket, "shop.example", "GET", "/headers", said, new byte[0])
                    .body()
                    .lines()
                    .toList();
        }
    }

    @Test
    void uploadsAndUpgradedConnectionsPass() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        assertThat(Http.send("127.0.0.1", port, "shop.example", "POST", "/", List.of(), new byte[5 << 20])
                        .body()
                        .strip())
                .endsWith(" " + (5 << 20));
        try (Socket socket = Http.connect("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET /x HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(Http.head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
        }
    }

    @Test
    void deployAndANeighbourThatComesAndGoesFailNoRequest() {
        add("shop", "\"hosts\": \"shop.example\"");
        try (Load load = new Load(port, "shop.example", CLIENTS)) {
            awaitAnswers(load, 100);
            BROCKERD.client("service", "deploy", file(spec("shop", "\"hosts\": \"shop.example\"")))
                    .succeeded();
            awaitAnswers(load, 100);
            add("cart", "\"hosts\": \"shop.example\", \"paths\": \"/cart\"");
            awaitAnswers(load, 50);
            BROCKERD.client("service", "remove", "cart").succeeded();
            awaitAnswers(load, 50);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    /** But for a POST, which must not be repeated, and an answer that had begun. */
    @Test
    void whatAKilledNginxOfAServiceWasAskedGoesToTheNext() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        try (Load load = new Load(port, "shop.example", CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                awaitAnswers(load, 50);
                String proxy = kill("shop");
                awaitAnother("shop", proxy);
            }
            awaitAnswers(load, 50);
            load.finish();
            assertThat(load.failures())
                    .as("of %d requests", load.answered())
                    .noneMatch(failure -> failure.startsWith("GET: 5"));
        }
    }

    @Test
    void requestsWaitWhileTheIngressIsReplaced() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        String proxy = kill(ingress);
        for (int i = 0; i < 20; i++) {
            assertThat(get("shop.example", "/").status()).isEqualTo(200);
        }
        awaitAnother(ingress, proxy);
    }

    /** Returns the proxy that is no more. */
    private static String kill(String service) throws Exception {
        String proxy = BROCKERD.service(service).path("proxy").asString();
        ProcessHandle init =
                ProcessHandle.of(BROCKERD.view(proxy).path("pid").asLong()).orElseThrow();
        init.destroyForcibly();
        // A worker that still ends takes connections along.
        init.onExit().get(10, TimeUnit.SECONDS);
        return proxy;
    }

    private static void awaitAnother(String service, String proxy) {
        Await.until("another proxy of " + service, Duration.ofSeconds(20), () -> {
            String now = BROCKERD.service(service).path("proxy").asString("");
            return !now.isEmpty() && !now.equals(proxy);
        });
    }

    @Test
    void killedDaemonIsNotMissedAndTheNextOneFindsAll() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        add("cart", "\"hosts\": \"cart.example\"");
        List<String> before = runningNames();
        try (Load load = new Load(port, "shop.example", CLIENTS)) {
            awaitAnswers(load, 50);
            BROCKERD.kill();
            awaitAnswers(load, 50);
            BROCKERD.start();
            awaitAnswers(load, 50);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
        assertThat(runningNames()).isEqualTo(before);
        // The next daemon has the sockets: what starts anew listens on them.
        kill("shop");
        assertThat(get("shop.example", "/").host()).isEqualTo(hostname("shop"));
        assertThat(get("cart.example", "/").host()).isEqualTo(hostname("cart"));
    }

    @Test
    void deployChangesHosts() throws Exception {
        add("shop", "\"hosts\": \"shop.example\"");
        add("cart", "\"hosts\": \"cart.example\"");
        assertRefused(
                "cannot serve \"cart.example\" on \"127.0.0.1:" + port + "\": the service \"cart\" does",
                "deploy",
                spec("shop", "\"hosts\": [\"shop.example\", \"cart.example\"]"));
        assertRefused(
                "\"hosts\" cannot be changed from \"[shop.example]\" to \"[]\" by a deployment",
                "deploy",
                spec("shop", ""));
        BROCKERD.client("service", "deploy", file(spec("shop", "\"hosts\": \"new.example\"")))
                .succeeded();
        assertThat(get("new.example", "/").status()).isEqualTo(200);
        assertThat(get("shop.example", "/").status()).isEqualTo(404);
        BROCKERD.client("service", "rollback", "shop").succeeded();
        assertThat(get("shop.example", "/").status()).isEqualTo(200);
        assertThat(get("new.example", "/").status()).isEqualTo(404);
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsChanged() throws Exception {
        add("shop", "\"hosts\": \"shop.example\", \"paths\": [\"/a\", \"/b\"]");
        String before = BROCKERD.rest().get("/api/v1/services").body();
        assertRefused(
                "cannot serve \"shop.example/b\" on \"127.0.0.1:" + port + "\": the service \"shop\" does",
                "add",
                spec("cart", "\"hosts\": \"shop.example\", \"paths\": [\"/c\", \"/b\"]"));
        assertRefused(
                "cannot publish on \"127.0.0.1:" + port + "\": the service \"shop\" is published on \"127.0.0.1:" + port
                        + "\" with \"hosts\"",
                "add",
                spec("cart", ""));
        assertRefused(
                "cannot publish on \"0.0.0.0:" + port + "\": the service \"shop\"",
                "add",
                spec("cart", "\"hosts\": \"cart.example\"").replace("127.0.0.1:", "0.0.0.0:"));
        assertRefused(
                "\"ingress-x\" cannot be the name of a service", "add", spec("ingress-x", "\"hosts\": \"x.example\""));
        assertRefused("the service \"" + ingress + "\" is the ingress of", "remove", ingress);
        assertRefused("the service \"" + ingress + "\" is the ingress of", "scale", ingress, "2");
        Outcome stopped = BROCKERD.client(
                "container", "stop", BROCKERD.service(ingress).path("proxy").asString());
        assertThat(stopped.stderr()).contains("hint: it leaves with the last service that has \"hosts\" there");
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertRefused(
                    "cannot publish on \"127.0.0.1:" + taken.getLocalPort() + "\": the port is in use",
                    "add",
                    spec("cart", "\"hosts\": \"cart.example\"").replace(":" + port, ":" + taken.getLocalPort()));
        }
        assertThat(BROCKERD.rest().get("/api/v1/services").body()).isEqualTo(before);
    }

    @Test
    void servicesThatComeAtOnceGetOneIngress() throws Exception {
        List<CompletableFuture<Outcome>> adding = new ArrayList<>();
        for (String name : List.of("shop", "cart", "other")) {
            String path = BROCKERD.file(name + ".json", spec(name, "\"hosts\": \"" + name + ".example\""))
                    .toString();
            adding.add(CompletableFuture.supplyAsync(() -> BROCKERD.client("service", "add", path)));
        }
        for (CompletableFuture<Outcome> added : adding) {
            added.get().succeeded();
        }
        for (String name : List.of("shop", "cart", "other")) {
            BROCKERD.awaitReady(name, 1);
            assertThat(get(name + ".example", "/").host()).isEqualTo(hostname(name));
        }
        assertThat(BROCKERD.rest().get("/api/v1/services").json()).hasSize(4);
    }

    private void add(String name, String keys) {
        BROCKERD.addService(spec(name, keys));
        BROCKERD.awaitReady(name, 1);
    }

    private String spec(String name, String keys) {
        return """
                {"name": "%s", "publish": "127.0.0.1:%d", "port": 9000, "container": {%s}%s}""".formatted(name, port, Tool.template("serve 9000"), keys.isEmpty() ? "" : ", " + keys);
    }

    private Http.Answer get(String host, String path) throws IOException {
        return Http.send("127.0.0.1", port, host, "GET", path, List.of(), new byte[0]);
    }

    /** Of its only application. */
    private static String hostname(String service) {
        return BROCKERD.replicas(service).stream()
                .filter(view -> view.path("state").asString().equals("running"))
                .map(view -> view.path("name").asString().substring(0, 12))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    private static List<String> runningNames() {
        List<String> names = new ArrayList<>();
        BROCKERD.rest()
                .get("/api/v1/containers")
                .json()
                .forEach(view -> names.add(view.path("name").asString()));
        return names;
    }

    private static void assertRefused(String error, String verb, String what, String... more) {
        List<String> words = new ArrayList<>(List.of("service", verb, what.startsWith("{") ? file(what) : what));
        words.addAll(List.of(more));
        Outcome outcome = BROCKERD.client(words.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: ").contains(error).contains("\nhint: ");
    }

    private static String file(String json) {
        return BROCKERD.file("ingress.json", json).toString();
    }

    private static void awaitAnswers(Load load, int number) {
        int wanted = load.answered() + number;
        Await.until(wanted + " answers", Duration.ofSeconds(30), () -> load.answered() >= wanted);
    }
}
