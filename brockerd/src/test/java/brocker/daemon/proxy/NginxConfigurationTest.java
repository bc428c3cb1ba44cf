package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.port.Upstream;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ByteSize;
import brocker.spec.Cidr;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NginxConfigurationTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final List<Upstream> MEMBERS = List.of(upstream("10.0.1.3"), upstream("10.0.1.4"));

    private static Upstream upstream(String address) {
        return upstream(address, false);
    }

    private static Upstream upstream(String address, boolean fresh) {
        return new Upstream(Cidr.parse(address).bits(), 8080, fresh);
    }

    private static ServiceRecord service(String keys) {
        ServiceSpec spec = Json.read("test", "{\"name\":\"my-shop-2\"" + keys + "}", ServiceSpec.class);
        return ServiceRecord.added(spec, 1, Cidr.parse("10.0.1.1/24"), Instant.EPOCH);
    }

    private static String text(String keys, List<Upstream> members) {
        ServiceRecord service = service(keys);
        ByteSize tempSize = service.spec().proxyOrDefault().tempSizeOrDefault(new ByteSize(8L << 30));
        return new NginxConfiguration(
                        service, members, Path.of("/run/brocker/ingress/s/brocker1"), "www-data", 2, tempSize)
                .text("/etc/nginx");
    }

    private static String full() {
        return text(
                ",\"publish\":[\"127.0.0.1:8080\",\"0.0.0.0:80\"],\"load-balance\":\"least_conn\",\"drain-timeout\":\"2m\"",
                MEMBERS);
    }

    private static void assertAccepted(String configuration, Path prefix) throws Exception {
        String adapted = configuration
                .replace("user www-data;", "")
                .replace("/tmp/", prefix + "/")
                .replace("/run/nginx.pid", prefix + "/nginx.pid")
                .replace("0.0.0.0:80;", "127.0.0.1:38081;")
                .replace("127.0.0.1:8080;", "127.0.0.1:38080;")
                .replace("10.0.1.2:80 bind;", "127.0.0.1:38082 bind;");
        Path file = Files.writeString(prefix.resolve("nginx.conf"), adapted);
        Process nginx = new ProcessBuilder(
                        NGINX.toString(), "-t", "-q", "-p", prefix.toString(), "-e", "stderr", "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        nginx.getOutputStream().close();
        String said = new String(nginx.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nginx.waitFor()).as("nginx -t: %s", said).isZero();
    }

    @Test
    void fullExampleIsAsItWasReviewed() throws Exception {
        try (InputStream golden = NginxConfigurationTest.class.getResourceAsStream("full.conf")) {
            String reviewed = new String(Objects.requireNonNull(golden).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(full()).isEqualTo(reviewed);
        }
    }

    @Test
    void nginxAcceptsTheFullExample(@TempDir Path prefix) throws Exception {
        assertAccepted(full(), prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"least_conn", "round_robin", "ip_hash", "random"})
    void nginxAcceptsEveryWayToBalanceLoad(String method, @TempDir Path prefix) throws Exception {
        assertAccepted(text(",\"load-balance\":\"" + method + "\"", MEMBERS), prefix);
    }

    @Test
    void nginxAcceptsAServiceWithoutMembers(@TempDir Path prefix) throws Exception {
        assertAccepted(text(",\"publish\":[\"127.0.0.1:8080\"]", List.of()), prefix);
    }

    @ParameterizedTest
    @CsvSource({"least_conn, true", "round_robin, false", "ip_hash, true", "random, true"})
    void methodIsADirectiveUnlessItIsTheDefaultOfNginx(String method, boolean directive) {
        String text = text(",\"load-balance\":\"" + method + "\"", MEMBERS);

        assertThat(text.contains("        " + method + ";\n")).isEqualTo(directive);
        assertThat(text)
                .contains("zone application 256k;\n", "        server 10.0.1.3:8080 ", "        server 10.0.1.4:8080 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"least_conn", "round_robin", "random"})
    void freshMemberReceivesFewerRequestsThanTheOthers(String method, @TempDir Path prefix) throws Exception {
        String text =
                text(",\"load-balance\":\"" + method + "\"", List.of(upstream("10.0.1.3"), upstream("10.0.1.4", true)));

        assertThat(text.lines().map(String::strip))
                .contains(
                        "server 10.0.1.3:8080 weight=8 max_fails=1 fail_timeout=1s;",
                        "server 10.0.1.4:8080 max_fails=1 fail_timeout=1s;");
        assertAccepted(text, prefix);
    }

    @Test
    void membersThatAreAllFreshShareEqually() {
        assertThat(text("", List.of(upstream("10.0.1.3", true), upstream("10.0.1.4", true))))
                .isEqualTo(text("", MEMBERS))
                .doesNotContain("weight");
    }

    @Test
    void freshMemberMovesNoClientThatIsKnownByItsAddress() {
        String keys = ",\"load-balance\":\"ip_hash\"";

        assertThat(text(keys, List.of(upstream("10.0.1.3"), upstream("10.0.1.4", true))))
                .isEqualTo(text(keys, MEMBERS));
    }

    @Test
    void serviceWithoutMembersAnswers503() {
        String text = text("", List.of());

        assertThat(text)
                .contains("return 503 \"no container of this service is ready\\n\";")
                .doesNotContain("proxy_pass", "listen 127");
        assertThat(text(",\"publish\":[\"127.0.0.1:8080\"]", List.of())).contains("listen 127.0.0.1:8080;");
    }

    @Test
    void settingsAreDirectives() {
        String text = text(
                ",\"proxy\":{\"gzip\":false,\"max-body-size\":\"3t\",\"connect-timeout\":\"500ms\",\"read-timeout\":\"2m\","
                        + "\"send-timeout\":\"3m\",\"stream-timeout\":\"24h\",\"buffering\":true,\"request-buffering\":false}",
                MEMBERS);

        assertThat(text.lines().map(String::strip))
                .contains(
                        "gzip off;",
                        "client_max_body_size 3072g;",
                        "proxy_connect_timeout 500ms;",
                        "proxy_read_timeout 2m;",
                        "proxy_send_timeout 3m;",
                        "proxy_read_timeout 24h;",
                        "proxy_send_timeout 24h;",
                        "proxy_buffering on;",
                        "proxy_request_buffering off;");
    }

    @Test
    void limitsOfClientsAreDirectives(@TempDir Path prefix) throws Exception {
        String text = text(
                ",\"proxy\":{\"temp-size\":\"200m\",\"header-timeout\":\"5s\",\"max-header-size\":\"32k\",\"client-timeout\":\"90s\","
                        + "\"keep-alive-timeout\":\"2m\",\"max-connections-per-client\":7}",
                MEMBERS);

        assertThat(text.lines().map(String::strip))
                .contains(
                        "# What does not fit into buffers lies in memory, all of it together 200m at most.",
                        "proxy_max_temp_file_size 50m;",
                        "client_header_timeout 5s;",
                        "large_client_header_buffers 4 32k;",
                        "client_body_timeout 90s;",
                        "send_timeout 90s;",
                        "keepalive_timeout 2m;",
                        "limit_conn clients 7;");
        assertAccepted(text, prefix);
    }

    /** They stand outside of the {@code server} block, where the same directive twice would be refused. */
    @Test
    void directivesOfTheUserReplaceTheLimitsOfClients(@TempDir Path prefix) throws Exception {
        String own =
                "client_header_timeout 1s; large_client_header_buffers 4 32k; client_body_timeout 1s; send_timeout 1s; "
                        + "keepalive_timeout 1s; keepalive_requests 5; limit_conn clients 3; limit_conn_status 503; "
                        + "proxy_max_temp_file_size 1m; client_body_temp_path /tmp/own;";
        String text = text(",\"nginx\":\"" + own + "\"", MEMBERS);

        assertAccepted(text.replaceFirst("include \\S+;", own), prefix);
    }

    @Test
    void directivesOfTheUserComeLast() {
        String text = text(",\"nginx\":\"gzip off;\"", MEMBERS);

        assertThat(text).containsPattern("include /etc/nginx/directives-[0-9a-f]{16}\\.conf;\n    }\n}\n$");
        assertThat(text).doesNotContain("gzip off");
        assertThat(text("", MEMBERS)).doesNotContain("include");
    }

    @Test
    void onlyTrustedProxiesAreBelieved(@TempDir Path prefix) throws Exception {
        String trusting = text(",\"proxy\":{\"trusted-proxies\":[\"10.9.0.0/16\",\"10.8.0.1\"]}", MEMBERS);

        assertThat(trusting.lines().map(String::strip))
                .contains(
                        "set_real_ip_from 10.9.0.0/16;",
                        "set_real_ip_from 10.8.0.1;",
                        "10.9.0.0/16 1;",
                        "10.8.0.1 1;",
                        "proxy_set_header X-Forwarded-For $forwarded_for;",
                        "proxy_set_header Forwarded $forwarded_rfc7239;");
        assertThat(text("", MEMBERS)).doesNotContain("set_real_ip_from", "$http_x_forwarded", "$http_forwarded");
        assertAccepted(trusting, prefix);
    }

    @Test
    void drainTimeoutIsHowLongOldWorkersMayTake() {
        assertThat(text(",\"drain-timeout\":\"90s\"", MEMBERS)).contains("worker_shutdown_timeout 90s;");
        assertThat(text(",\"drain-timeout\":\"100ms\"", MEMBERS)).contains("worker_shutdown_timeout 100ms;");
        assertThat(text("", MEMBERS)).contains("worker_shutdown_timeout 30s;");
    }
}
