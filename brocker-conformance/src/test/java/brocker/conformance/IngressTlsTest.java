package brocker.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Hosts that are served by TLS, with certificates of the client's machine. */
class IngressTlsTest {
    private static final String HOST = "\"hosts\": \"shop.example\"";
    private static final String TLS = "\"tls\": {\"certificate\": \"pem/shop.crt\", \"key\": \"pem/shop.key\"}";

    @RegisterExtension
    static final Brockerd BROCKERD = new Brockerd();

    private final int port = Brockerd.freePort();

    @BeforeEach
    void writeFiles() throws IOException {
        Files.createDirectories(BROCKERD.work().resolve("pem"));
        for (String name : List.of("shop.crt", "shop.key", "api.crt", "api.key", "expired.crt")) {
            BROCKERD.file("pem/" + name, pem(name));
        }
    }

    @AfterEach
    void removingTheLastServiceLeavesNothing() {
        BROCKERD.client("service", "remove", "shop");
        BROCKERD.client("service", "remove", "api");
        assertThat(BROCKERD.rest().get("/api/v1/services").body()).isEqualTo("[]");
        BROCKERD.leftovers().assertNothingOfContainers();
    }

    @Test
    void eachHostHasItsCertificate() throws Exception {
        add("shop", "\"hosts\": [\"shop.example\", \"localhost\"], " + TLS);
        add("api", "\"hosts\": \"api.example\", \"tls\": {\"certificate\": \"pem/api.crt\", \"key\": \"pem/api.key\"}");
        assertThat(certificateOf("shop.example")).isEqualTo(certificate("shop.crt"));
        assertThat(certificateOf("api.example")).isEqualTo(certificate("api.crt"));
        assertThatThrownBy(() -> certificateOf("other.example"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        try (SSLSocket socket = connect("shop.example")) {
            assertThat(Http.send(socket, "shop.example", "GET", "/headers", List.of(), new byte[0])
                            .body()
                            .lines())
                    .contains("X-Forwarded-Proto: https", "X-Forwarded-Port: " + port, "X-Forwarded-For: 127.0.0.1");
        }
        try (SSLSocket socket = connect("shop.example")) {
            assertThat(Http.send(socket, "other.example", "GET", "/", List.of(), new byte[0])
                            .status())
                    .isEqualTo(421);
        }
    }

    @Test
    void hostsOfRequestLineAndHeaderAgree() throws Exception {
        add("shop", HOST + ", " + TLS);
        assertThat(statusOf("http://shop.example/", "other.example")).isEqualTo(400);
        assertThat(statusOf("http://shop.example/", "shop.example")).isEqualTo(200);
    }

    private int statusOf(String target, String host) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect("shop.example")) {
            return Http.send(socket, host, "GET", target, List.of(), new byte[0])
                    .status();
        }
    }

    @Test
    void http2IsSpoken() throws Exception {
        add("shop", "\"hosts\": \"localhost\", " + TLS);
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/headers"))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body().lines())
                    .contains("Host: localhost:" + port, "X-Forwarded-Proto: https", "X-Forwarded-For: 127.0.0.1");
        }
    }

    @Test
    void port80SendsClientsToTls() throws Exception {
        String both = spec("shop", HOST + ", " + TLS)
                .replace("\"publish\": ", "\"publish\": [\"127.0.0.1:80\", ")
                .replace(", \"port\"", "], \"port\"");
        BROCKERD.addService(both);
        BROCKERD.awaitReady("shop", 1);
        Http.Answer answer = Http.send("127.0.0.1", 80, "shop.example", "POST", "/a%20b?c=d", List.of(), new byte[10]);
        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.header("Location")).contains("https://shop.example:" + port + "/a%20b?c=d");
        assertThat(Http.send("127.0.0.1", 80, "other.example", "GET", "/", List.of(), new byte[0])
                        .status())
                .isEqualTo(404);
        try (SSLSocket socket = connect("shop.example")) {
            assertThat(Http.send(socket, "shop.example", "GET", "/", List.of(), new byte[0])
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aDeploymentRenewsTheCertificate() throws Exception {
        Outcome added = BROCKERD.client(
                "service", "add", file(spec("shop", HOST + ", " + TLS.replace("shop.crt", "expired.crt"))));
        assertThat(added.succeeded().stderr())
                .isEqualTo("warning: the certificate \"shop.example\" expired at 2010-01-01T00:00:00Z\n");
        BROCKERD.awaitReady("shop", 1);
        assertThatThrownBy(() -> certificateOf("shop.example")).isInstanceOf(SSLException.class);

        Outcome deployed = BROCKERD.client("service", "deploy", file(spec("shop", HOST + ", " + TLS)));
        assertThat(deployed.succeeded().stderr()).doesNotContain("warning");
        assertThat(certificateOf("shop.example")).isEqualTo(certificate("shop.crt"));
        JsonNode certificate = BROCKERD.service("shop").path("certificates").path(0);
        assertThat(certificate.path("end").asString()).isEqualTo("2125-01-01T00:00:00Z");
    }

    @Test
    void keyIsNowhereToBeSeen() throws Exception {
        add("shop", HOST + ", " + TLS);
        String secret = pem("shop.key").lines().skip(1).findFirst().orElseThrow();
        String ingress = "ingress-127-0-0-1-" + port;
        StringBuilder seen = new StringBuilder(BROCKERD.log());
        seen.append(BROCKERD.client("service", "inspect", "shop", ingress)
                .succeeded()
                .stdout());
        seen.append(BROCKERD.client("events", "--since", "1h").stdout());
        for (JsonNode view : BROCKERD.rest().get("/api/v1/containers?all=true").json()) {
            seen.append(view);
            seen.append(BROCKERD.client("container", "logs", view.path("name").asString())
                    .stdout());
        }
        assertThat(seen).contains("shop.example").doesNotContain(secret);

        List<Path> holding;
        try (Stream<Path> files = Files.walk(BROCKERD.state())) {
            holding = files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, secret))
                    .toList();
        }
        assertThat(holding).hasSizeGreaterThanOrEqualTo(2);
        for (Path file : holding) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as("%s", file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsChanged() throws Exception {
        BROCKERD.file("pem/text", "hello\n");
        String place = "\"" + BROCKERD.work() + "/tls.json\" line 1: ";
        assertRefused(
                place + "\"key\": \"pem/api.key\": the private key is not the one of the certificate \"shop.example\"",
                spec("shop", HOST + ", " + TLS.replace("shop.key", "api.key")));
        assertRefused(
                place + "\"certificate\": no such file: \"pem/none.crt\"",
                spec("shop", HOST + ", " + TLS.replace("shop.crt", "none.crt")));
        assertRefused(
                place + "\"key\": \"pem/text\" is not in PEM",
                spec("shop", HOST + ", " + TLS.replace("shop.key", "text")));
        assertRefused(place + "\"tls\" needs \"hosts\"", spec("shop", TLS));
        String path = BROCKERD.rest()
                .post("/api/v1/services", spec("shop", HOST + ", " + TLS))
                .body();
        assertThat(path).contains("is a path, which only the client reads");
        assertThat(BROCKERD.rest().get("/api/v1/services").body()).isEqualTo("[]");

        add("shop", HOST + ", " + TLS);
        assertRefused(
                "cannot publish without \"tls\" on \"127.0.0.1:" + port
                        + "\": the service \"shop\" is published there with",
                spec("api", "\"hosts\": \"api.example\""));
        assertThat(BROCKERD.rest().get("/api/v1/services").json()).hasSize(2);
    }

    private void add(String name, String keys) {
        BROCKERD.client("service", "add", file(spec(name, keys))).succeeded();
        BROCKERD.awaitReady(name, 1);
    }

    private String spec(String name, String keys) {
        return """
                {"name": "%s", "publish": "127.0.0.1:%d", "port": 9000, "container": {%s}, %s}""".formatted(name, port, Tool.template("serve 9000"), keys);
    }

    private static String file(String json) {
        return BROCKERD.file("tls.json", json).toString();
    }

    private static void assertRefused(String error, String json) {
        Outcome outcome = BROCKERD.client("service", "add", file(json));
        assertThat(outcome.code()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("error: " + error).contains("\nhint: ");
    }

    private SSLSocket connect(String host) throws IOException, GeneralSecurityException {
        Socket plain = Http.connect("127.0.0.1", port);
        SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket(plain, host, port, true);
        socket.startHandshake();
        return socket;
    }

    private X509Certificate certificateOf(String host) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(host)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate("ca.crt"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static X509Certificate certificate(String name) throws GeneralSecurityException, IOException {
        try (InputStream in = Objects.requireNonNull(IngressTlsTest.class.getResourceAsStream("pem/" + name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static String pem(String name) {
        try (InputStream in = Objects.requireNonNull(IngressTlsTest.class.getResourceAsStream("pem/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(Path file, String secret) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
