package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Anonymous clients take no more of the host than the limits of a service permit. */
class ProxyLimitsTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MEGABYTE = 1 << 20;
    private static final String HOSTS = "\"hosts\": \"web.example\", ";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();
    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void remove() throws IOException {
        hangUp();
        BROCKERD.client("service", "remove", "web");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    private void hangUp() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    @Test
    void unfinishedUploadsTakeNoDiskAndLeaveTheOthersAlone() throws Exception {
        add("", ", \"proxy\": {\"temp-size\": \"16m\", \"max-body-size\": \"10m\"}");
        upload(9 * MEGABYTE);
        Socket refused = upload(9 * MEGABYTE);
        assertThat(Http.head(refused.getInputStream()))
                .startsWith("HTTP/1.1 500 ")
                .contains("Connection: close\r\n");
        assertThat(sizeOnDisk()).isLessThan(MEGABYTE);
        for (int i = 0; i < 10; i++) {
            assertThat(post(10_000)).isEqualTo(200);
        }
        assertThat(post(9 * MEGABYTE)).isEqualTo(500);
        hangUp();
        Await.until("there is room again", Duration.ofSeconds(10), () -> post(9 * MEGABYTE) == 200);
    }

    @Test
    void byDefaultTwoHundredMegabytesAreNotOnTheDiskEither() throws Exception {
        add("", "");
        upload(95 * MEGABYTE);
        upload(95 * MEGABYTE);
        Await.pause(Duration.ofSeconds(1));
        assertThat(sizeOnDisk()).isLessThan(MEGABYTE);
        assertThat(post(9 * MEGABYTE)).isEqualTo(200);
    }

    @Test
    void uploadsThroughAnIngressLieNowhereButAtTheService() throws Exception {
        add(HOSTS, ", \"proxy\": {\"temp-size\": \"16m\", \"max-body-size\": \"10m\"}");
        upload(9 * MEGABYTE);
        assertThat(Http.head(upload(9 * MEGABYTE).getInputStream())).startsWith("HTTP/1.1 500 ");
        assertThat(sizeOnDisk()).isLessThan(MEGABYTE);
        hangUp();
        Await.until("there is room again", Duration.ofSeconds(10), () -> post(9 * MEGABYTE) == 200);
    }

    @Test
    void roomGrowsAndShrinksWithADeployment() throws Exception {
        add("", ", \"proxy\": {\"temp-size\": \"16m\", \"max-body-size\": \"10m\"}");
        assertThat(tempSize("web")).isEqualTo("16384k");
        deploy("", ", \"proxy\": {\"max-body-size\": \"1g\"}");
        assertThat(tempSize("web")).isEqualTo("1048576k");
        deploy("", ", \"proxy\": {\"temp-size\": \"16m\", \"max-body-size\": \"10m\"}");
        assertThat(tempSize("web")).isEqualTo("16384k");
    }

    @Test
    void roomForLessThanOneBodyIsRefused() {
        Outcome outcome = BROCKERD.client(
                "service", "add", file(spec("", ", \"proxy\": {\"temp-size\": \"16m\", \"max-body-size\": \"20m\"}")));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("\"temp-size\" is 16m, and a body of \"max-body-size\" 20m does not fit")
                .contains("hint: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HOSTS})
    void headsThatDoNotEndAreClosedAndKeepNobodyOut(String place) throws Exception {
        add(place, ", \"proxy\": {\"header-timeout\": \"1s\"}");
        for (int i = 0; i < 500; i++) {
            Socket socket = connect(LOOPBACK);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: we".getBytes(StandardCharsets.US_ASCII));
        }
        long begun = System.nanoTime();
        assertThat(get(LOOPBACK, "/")).isEqualTo(200);
        for (Socket socket : open) {
            assertThat(ends(socket)).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        assertThat(get(LOOPBACK, "/")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HOSTS})
    void clientThatSendsNoMoreOfItsBodyIsClosed(String place) throws Exception {
        add(place, ", \"proxy\": {\"client-timeout\": \"1s\"}");
        Socket socket = connect(LOOPBACK);
        socket.getOutputStream()
                .write("POST / HTTP/1.1\r\nHost: web.example\r\nContent-Length: 100\r\n\r\nabc"
                        .getBytes(StandardCharsets.US_ASCII));
        long begun = System.nanoTime();
        assertThat(ends(socket)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HOSTS})
    void connectionIsClosedThatBringsNoOtherRequest(String place) throws Exception {
        add(place, ", \"proxy\": {\"keep-alive-timeout\": \"1s\"}");
        Socket socket = connect(LOOPBACK);
        ask(socket, "/", "");
        long begun = System.nanoTime();
        assertThat(ends(socket)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HOSTS})
    void oneClientHasNoMoreConnectionsThanItMay(String place) throws Exception {
        add(place, ", \"proxy\": {\"max-connections-per-client\": 3, \"trusted-proxies\": [\"127.0.0.9\"]}");
        for (int i = 0; i < 3; i++) {
            ask(LOOPBACK, "/events", "");
        }
        assertThat(get(LOOPBACK, "/")).isEqualTo(429);
        assertThat(get("127.0.0.2", "/")).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            // Of clients that a proxy tells of.
            ask("127.0.0.9", "/events", "X-Forwarded-For: 192.0.2." + i + "\r\n");
        }
        hangUp();
        Await.until("its connections count no longer", Duration.ofSeconds(10), () -> get(LOOPBACK, "/") == 200);
    }

    @Test
    void hundredsOfConnectionsOfOneClientAreUsual() throws Exception {
        add("", "");
        for (int i = 0; i < 300; i++) {
            ask(LOOPBACK, "/events", "");
        }
        assertThat(get(LOOPBACK, "/")).isEqualTo(200);
    }

    /** By the ingress and by the service's own nginx. */
    @Test
    void longerHeadsArePermittedByAKey() throws Exception {
        String cookie = "Cookie: " + "c".repeat(20_000);
        add(HOSTS, "");
        assertThat(get(LOOPBACK, "/", cookie)).isEqualTo(400);
        deploy(HOSTS, ", \"proxy\": {\"max-header-size\": \"32k\"}");
        assertThat(get(LOOPBACK, "/", cookie)).isEqualTo(200);
    }

    private void add(String place, String keys) {
        BROCKERD.addService(spec(place, keys));
        BROCKERD.awaitReady("web", 1);
    }

    private void deploy(String place, String keys) {
        BROCKERD.client("service", "deploy", file(spec(place, keys))).succeeded();
    }

    private static String file(String json) {
        return BROCKERD.file("web.json", json).toString();
    }

    private String spec(String place, String keys) {
        return """
                {"name": "web", %s"publish": "127.0.0.1:%d", "port": 9000, "container": {%s}%s}""".formatted(place, port, Tool.template("serve 9000"), keys);
    }

    /** The bytes on the host's disk in deleted files that the workers of all proxies still have open. */
    private static long sizeOnDisk() {
        try {
            Object disk = Files.getAttribute(BROCKERD.containers(), "unix:dev");
            long size = 0;
            for (JsonNode service : BROCKERD.rest().get("/api/v1/services").json()) {
                long master = BROCKERD.commandPid(service.path("proxy").asString());
                for (long worker : Host.children(master)) {
                    size += sizeOn(disk, Path.of("/proc/" + worker + "/fd"));
                }
            }
            return size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sizeOn(Object disk, Path descriptors) throws IOException {
        long size = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (Files.isRegularFile(descriptor)
                        && Files.getAttribute(descriptor, "unix:dev").equals(disk)) {
                    size += Files.size(descriptor);
                }
            }
        }
        return size;
    }

    /** How large a service's nginx finds the file system of its temporary files, see {@code tmpfs(5)}. */
    private static String tempSize(String service) {
        String proxy = BROCKERD.service(service).path("proxy").asString();
        Path mounts = Path.of("/proc/" + BROCKERD.view(proxy).path("pid").asLong() + "/mounts");
        return Host.lines(mounts).stream()
                .filter(line -> line.contains(" /tmp tmpfs "))
                .reduce((_, last) -> last)
                .map(line -> line.replaceFirst(".*[ ,]size=([^, ]+).*", "$1"))
                .orElseThrow();
    }

    /** Sends all of a body but its last byte. */
    private Socket upload(int length) throws IOException {
        Socket socket = connect(LOOPBACK);
        OutputStream out = socket.getOutputStream();
        out.write(("POST / HTTP/1.1\r\nHost: web.example\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        try {
            out.write(new byte[length - 1]);
        } catch (SocketException _) {
            // It was answered meanwhile, and closed.
            return socket;
        }
        return socket;
    }

    private int post(int length) {
        try {
            return Http.send(LOOPBACK, port, "web.example", "POST", "/", List.of(), new byte[length])
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int get(String from, String path, String... headers) {
        try (Socket socket = connectFrom(from)) {
            return Http.send(socket, "web.example", "GET", path, List.of(headers), new byte[0])
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins a request whose answer does not end, and reads its head. */
    private void ask(String from, String path, String headers) throws IOException {
        ask(connect(from), path, headers);
    }

    private static void ask(Socket socket, String path, String headers) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: web.example\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(Http.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
    }

    /** Whether the other end closes, after whatever it says. */
    private static boolean ends(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException _) {
            return true;
        }
    }

    private Socket connect(String from) throws IOException {
        Socket socket = connectFrom(from);
        open.add(socket);
        return socket;
    }

    private Socket connectFrom(String from) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral(LOOPBACK), port, InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(20_000);
        return socket;
    }
}
