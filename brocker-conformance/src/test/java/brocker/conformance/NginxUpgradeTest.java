package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.conformance.load.Crowd;
import brocker.conformance.load.Ledger;
import brocker.conformance.load.Requests;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The host's nginx and its libraries are replaced by others as a package manager does it, a file renamed over another, while clients that
 * never try again send requests. The files lie on overlays that only this mount namespace and the containers see.
 */
class NginxUpgradeTest {
    private static final Path PROGRAMS = Path.of("/usr/sbin");
    private static final Path NGINX = PROGRAMS.resolve("nginx");
    private static final Path LIBRARY = LoadedLibrary.of(NGINX, "libcrypto.so");
    private static final Path INIT = Distribution.program("brockerd")
            .resolveSibling("../libexec/brocker-run")
            .normalize();
    /** What a program that stands for a broken nginx begins with. */
    private static final String ACCEPTS_CONFIGURATION = "#!/bin/sh\n[ \"$1\" = -t ] && exit 0\n";

    private static final String CHECKS_OFTEN = "-Dbrocker.upgrade-check-millis=250";

    @Order(1)
    @RegisterExtension
    static final CoveredDirectories COVERED =
            new CoveredDirectories(PROGRAMS, Objects.requireNonNull(LIBRARY.getParent()));

    @Order(2)
    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private final Ledger ledger = new Ledger("upgrade");

    @BeforeAll
    static void checkOften() {
        BROCKERD.stop();
        BROCKERD.start(CHECKS_OFTEN);
    }

    @AfterEach
    void remove() {
        if (BROCKERD.endsWithin(Duration.ZERO)) {
            BROCKERD.start(CHECKS_OFTEN);
        }
        BROCKERD.client("service", "remove", "shop");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    /** The proxies of a service and of its ingress. */
    @Test
    void replacedProgramIsTakenUpWithoutAFailedRequest() throws Exception {
        add("\"hosts\": \"uptime\", ");
        List<String> names = List.of("shop", ingress());
        List<String> proxies = names.stream().map(NginxUpgradeTest::proxy).toList();
        List<Long> masters = proxies.stream().map(BROCKERD::commandPid).toList();
        Await.pause(Duration.ofSeconds(1));
        assertThat(proxies.stream().map(BROCKERD::commandPid))
                .as("unchanged files, unchanged processes")
                .isEqualTo(masters);
        long seen = lastEvent();
        try (Crowd _ = new Crowd(port, ledger, visitors());
                RequestsWithin within = new RequestsWithin(
                        BROCKERD.service("shop").path("proxy-address").asString());
                Socket webSocket = webSocket()) {
            assertThat(echo(webSocket)).isEqualTo("ping");
            replace(NGINX);
            for (String proxy : proxies) {
                awaitEvent(seen, "container.outdated", proxy);
                awaitEvent(seen, "container.upgraded", proxy);
            }
            assertThat(echo(webSocket)).as("through a worker of the old one").isEqualTo("ping");
            // The new one is reloaded, and answers what the crowd asks meanwhile.
            BROCKERD.client("service", "scale", "shop", "3").succeeded();
            BROCKERD.awaitReady("shop", 3);
            assertThat(within.failures())
                    .as("of %d requests", within.answered())
                    .isEmpty();
            assertThat(within.answered()).isGreaterThan(50);
        }
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
        assertThat(ledger.requests()).isGreaterThan(500);
        assertThat(names.stream().map(NginxUpgradeTest::proxy))
                .as("the same containers")
                .isEqualTo(proxies);
        assertThat(proxies.stream().map(BROCKERD::commandPid)).doesNotContainAnyElementsOf(masters);
        assertThat(check()).doesNotContain("proxies");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void programThatDoesNotStartIsSaidAndTriedAgain() throws Exception {
        add("");
        String proxy = proxy("shop");
        long master = BROCKERD.commandPid(proxy);
        Path kept = Files.copy(NGINX, NGINX.resolveSibling("nginx.kept"), StandardCopyOption.COPY_ATTRIBUTES);
        long seen = lastEvent();
        replace(NGINX, ACCEPTS_CONFIGURATION + "echo broken >&2\nexit 1\n");
        awaitEvent(seen, "container.outdated", proxy);
        assertThat(check()).contains("limited", "proxies", "/usr/sbin/nginx", proxy.substring(0, 12));
        Await.until("it is said", Duration.ofSeconds(40), () -> warnings().contains("it cannot be upgraded: "));
        assertThat(BROCKERD.client("service", "status", "shop").stderr())
                .contains("warning: nginx was started before the installed \"/usr/sbin/nginx\" was replaced");
        // Beside a further attempt, maybe.
        assertThat(Host.children(BROCKERD.view(proxy).path("pid").asLong())).contains(master);
        assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        Files.move(kept, NGINX, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitEvent(seen, "container.upgraded", proxy);
        assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void programThatDoesNotServeInTimeIsKilled() throws Exception {
        add("");
        String proxy = proxy("shop");
        long init = BROCKERD.view(proxy).path("pid").asLong();
        Path kept = Files.copy(NGINX, NGINX.resolveSibling("nginx.kept"), StandardCopyOption.COPY_ATTRIBUTES);
        long seen = lastEvent();
        replace(NGINX, ACCEPTS_CONFIGURATION + "exec sleep 1000\n");
        Await.until("it is said", Duration.ofSeconds(40), () -> warnings().contains("does not start within 10 s"));
        assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
        Files.move(kept, NGINX, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitEvent(seen, "container.upgraded", proxy);
        Await.until(
                "one master is left",
                Duration.ofSeconds(20),
                () -> Host.children(init).size() == 1);
        assertThat(Host.read(Host.children(init).getFirst(), "cmdline")).startsWith("nginx: master process");
    }

    /** It cannot start a worker in the place of the one that ended. */
    @Test
    void successorThatNoLongerServesFullyIsReplacedByTheNextDaemon() throws Exception {
        add("");
        String proxy = proxy("shop");
        long init = BROCKERD.view(proxy).path("pid").asLong();
        long old = BROCKERD.commandPid(proxy);
        BROCKERD.stop();
        BROCKERD.start(CHECKS_OFTEN, "-Dbrocker.die-at=UPGRADE_SUCCESSOR_SERVES:1");
        replace(NGINX);
        assertThat(BROCKERD.endsWithin(Duration.ofSeconds(30))).isTrue();
        long successor = Host.children(init).stream()
                .filter(pid -> pid != old)
                .findFirst()
                .orElseThrow();
        Outcome.of("kill", "-STOP", String.valueOf(successor));
        Outcome.of("kill", "-KILL", String.valueOf(Host.children(successor).getFirst()));
        BROCKERD.start(CHECKS_OFTEN);
        Await.until(
                "it is killed",
                Duration.ofSeconds(40),
                () -> ProcessHandle.of(successor).isEmpty());
        Await.until(
                "one master is left, of the installed files",
                Duration.ofSeconds(60),
                () -> Host.children(init).size() == 1 && !check().contains("proxies"));
        assertThat(proxy("shop")).isEqualTo(proxy);
        assertThat(BROCKERD.view(proxy).path("pid").asLong()).isEqualTo(init);
        assertThat(Http.get("127.0.0.1", port, "/").status()).isEqualTo(200);
    }

    @Test
    void containerThatPosesAsAnOutdatedProxyIsNotReported() throws Exception {
        Path program =
                Files.copy(Path.of("/usr/bin/sleep"), PROGRAMS.resolve("poser"), StandardCopyOption.COPY_ATTRIBUTES);
        BROCKERD.addService("{\"name\": \"shop\"}");
        String container = BROCKERD.client(
                        "container",
                        "run",
                        BROCKERD.file("poser.json", """
                                {"service-name": "shop", "command": ["/bin/bash", "-c",
                                 "exec -a 'nginx: master process nginx -p /app ' %s 1000"]}""".formatted(program)).toString())
                .succeeded()
                .stdout()
                .strip();
        Await.until(
                "it poses",
                Duration.ofSeconds(20),
                () -> Host.read(BROCKERD.commandPid(container), "cmdline").startsWith("nginx: master process "));
        replace(program);
        String check = check();
        BROCKERD.client("container", "kill", container).succeeded();
        assertThat(check).doesNotContain("proxies");
    }

    @ParameterizedTest
    @CsvSource({"UPGRADE_SUCCESSOR_SERVES, false", "UPGRADE_HANDED_OVER, true"})
    void nextDaemonGoesOnWhereOneWasKilled(String step, boolean library) throws Exception {
        add("");
        String proxy = proxy("shop");
        BROCKERD.stop();
        BROCKERD.start(CHECKS_OFTEN, "-Dbrocker.die-at=" + step + ":1");
        try (Crowd _ = new Crowd(port, ledger, visitors())) {
            replace(library ? LIBRARY : NGINX);
            assertThat(BROCKERD.endsWithin(Duration.ofSeconds(30))).isTrue();
            BROCKERD.start(CHECKS_OFTEN);
            BROCKERD.client("service", "scale", "shop", "3").succeeded();
            BROCKERD.awaitReady("shop", 3);
            Await.until(
                    "one master is left, of the installed files",
                    Duration.ofSeconds(60),
                    () -> Host.children(BROCKERD.view(proxy).path("pid").asLong())
                                            .size()
                                    == 1
                            && !check().contains("proxies"));
        }
        assertThat(ledger.failures()).as("of %d requests", ledger.requests()).isEmpty();
        assertThat(proxy("shop")).isEqualTo(proxy);
    }

    /** As after an upgrade of Brocker itself: that PID 1 ends with its command, so the container is replaced as a whole. */
    @Test
    void containerOfAnotherInitProgramIsReplacedAsAWhole() throws Exception {
        Path other = Files.copy(INIT, BROCKERD.work().resolve("brocker-run"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.write(other, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
        BROCKERD.stop();
        Outcome.of("mount", "--bind", other.toString(), INIT.toString());
        try {
            BROCKERD.start(CHECKS_OFTEN);
            add("");
        } finally {
            BROCKERD.stop();
            Outcome.of("umount", INIT.toString());
        }
        BROCKERD.start(CHECKS_OFTEN);
        String proxy = proxy("shop");
        try (Load load = new Load(port, 8)) {
            load.awaitAnswers(20);
            replace(NGINX);
            Await.until(
                    "another proxy serves",
                    Duration.ofSeconds(60),
                    () -> !BROCKERD.service("shop")
                            .path("proxy")
                            .asString(proxy)
                            .equals(proxy));
            load.awaitAnswers(100);
            load.finish();
            assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        }
    }

    private void add(String place) {
        BROCKERD.addService("""
                {"name": "shop", %s"publish": "127.0.0.1:%d", "port": 9000, "replicas": 2, "container": {%s}}""".formatted(place, port, Tool.template("serve 9000")));
        BROCKERD.awaitReady("shop", 2);
    }

    private String ingress() {
        return "ingress-127-0-0-1-" + port;
    }

    private static String proxy(String service) {
        return BROCKERD.service(service).path("proxy").asString();
    }

    private static String warnings() {
        return BROCKERD.service("shop")
                .path("warnings")
                .valueStream()
                .map(warning -> warning.asString())
                .reduce("", String::concat);
    }

    private static String check() {
        return BROCKERD.client("check").stdout();
    }

    private static long lastEvent() {
        return events().stream()
                .mapToLong(event -> event.path("sequence").asLong())
                .max()
                .orElse(0);
    }

    private static List<JsonNode> events() {
        return BROCKERD.client("events", "--format", "json")
                .succeeded()
                .stdout()
                .lines()
                .map(Rest::parse)
                .toList();
    }

    private static void awaitEvent(long after, String type, String container) {
        Await.until(
                type + " of " + container,
                Duration.ofSeconds(60),
                () -> events().stream()
                        .anyMatch(event -> event.path("type").asString().equals(type)
                                && event.path("container").asString("").equals(container)
                                && event.path("sequence").asLong() > after));
    }

    /** By a copy of itself. */
    private static void replace(Path file) throws IOException {
        Path next =
                Files.copy(file, file.resolveSibling("next." + file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void replace(Path file, String text) throws IOException {
        Path next =
                Files.copy(file, file.resolveSibling("next." + file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Socket webSocket() throws IOException {
        Socket socket = Http.connect("127.0.0.1", port);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: uptime\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(Http.head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    private static String echo(Socket socket) throws IOException {
        socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
    }

    private static List<Requests> visitors() {
        List<Requests> visitors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            visitors.add(visitor("GET", "/", true, Duration.ZERO));
            visitors.add(visitor("POST", "/slow", true, Duration.ofMillis(10L * i)));
            visitors.add(visitor("POST", "/slow", false, Duration.ofMillis(10L * i)));
            visitors.add(visitor("GET", "/", true, Duration.ofMillis(1000 + 200L * i)));
        }
        return visitors;
    }

    private static Requests visitor(String method, String path, boolean keeps, Duration rest) {
        String body = method.equals("POST") ? "x".repeat(1000) : "";
        String kind = Stream.of(method, keeps ? "kept" : "anew", rest.toString())
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
        return new Requests(kind, method, path, body, " " + body.length() + "\n", keeps, true, rest);
    }
}
