package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceSpecTest {
    private static ServiceSpec read(String keys) {
        return Json.read("s.json", "{\"name\":\"shop\"" + keys + "}", ServiceSpec.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.1.0",
                "10.0.1.255",
                "0.0.0.1",
                "127.0.0.2",
                "169.254.1.1",
                "224.0.0.1",
                "255.1.1.1",
                "10.0.1.1/15",
                "10.0.1.1/30",
                "10.0.1.8/29",
                "10.0.1.15/29"
            })
    void addressThatNoBridgeCanHaveIsRefused(String address) {
        BrockerException.Invalid refusal = Refusal.of(() -> read(",\"bridge-ip\":\"" + address + "\""));

        assertThat(refusal.code()).isEqualTo("invalid-bridge-address");
        assertThat(refusal.message()).startsWith("\"s.json\" line 1: \"bridge-ip\": \"" + address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.1.1", "192.168.0.255/16", "172.16.9.9/29", "169.253.0.1", "223.0.0.1"})
    void hostAddressOfANetworkIsTakenForABridge(String address) {
        assertThat(read(",\"bridge-ip\":\"" + address + "\"").bridgeIp()).contains(Cidr.parse(address));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "publish":["0.0.0.0:80","127.0.0.1:80"]            | invalid-publish      | "publish": "127.0.0.1:80" collides with "0.0.0.0:80"
            "publish":["127.0.0.1:80","1.1.1.1:80","127.0.0.1:80"] | invalid-publish  | "publish": "127.0.0.1:80" collides with "127.0.0.1:80"
            "port":0                                            | invalid-port         | "port": "0" is not a port
            "load-balance":"least-conn"                         | invalid-load-balance | "load-balance": "least-conn" is not a way to balance load
            "replicas":0,"container":{"command":"a"}            | invalid-replicas     | "replicas": "0" is not a number of replicas
            "replicas":201,"container":{"command":"a"}          | invalid-replicas     | "replicas": "201" is not a number of replicas
            "container":{"command":"a","service-name":"shop"}   | invalid-template     | "container" may not have a "service-name": it belongs to "shop"
            "container":{"command":"a","restart":"no"}          | invalid-template     | "container": the template's "restart" cannot be "no": a replica that ends is always replaced
            "health":{"path":"ready"}                           | invalid-health       | "path": "ready" is not the path of a URL
            "health":{"path":"/a b"}                            | invalid-health       | "path": "/a b" is not the path of a URL
            "health":{"path":"/a\\r\\nX: y"}                    | invalid-health       | is not the path of a URL
            "health":{"path":"/ü"}                              | invalid-health       | "path": "/ü" is not the path of a URL
            "health":{"healthy":0}                              | invalid-health       | "healthy": "0" is not a count
            "health":{"unhealthy":101}                          | invalid-health       | "unhealthy": "101" is not a count
            "health":{"timeout":"0s"}                           | invalid-duration     | "timeout" must be longer than zero
            "proxy":{"read-timeout":"0s"}                       | invalid-duration     | "read-timeout" must be longer than zero
            "proxy":{"max-body-size":"0"}                       | invalid-size         | "max-body-size": "0" is not a size
            "proxy":{"trusted-proxies":["10.0.1.1/24"]}         | invalid-network      | "10.0.1.1/24" is not a network, which begins at "10.0.1.0/24"
            "proxy":{"gzip":"on"}                               | wrong-type           | "gzip" must be true or false, not a string
            "proxy":{"temp-size":"99m"}                         | invalid-temp-size    | "temp-size" is 99m, and a body of "max-body-size" 100m does not fit
            "proxy":{"temp-size":"1k","request-buffering":false} | invalid-temp-size   | "temp-size" is 1k
            "proxy":{"max-header-size":"2m"}                    | invalid-max-header-size | "max-header-size" is 2m
            "proxy":{"header-timeout":"0s"}                     | invalid-duration     | "header-timeout" must be longer than zero
            "proxy":{"client-timeout":"0s"}                     | invalid-duration     | "client-timeout" must be longer than zero
            "proxy":{"keep-alive-timeout":"0s"}                 | invalid-duration     | "keep-alive-timeout" must be longer than zero
            "proxy":{"max-connections-per-client":0}            | invalid-max-connections-per-client | "max-connections-per-client" is 0
            "proxy":{"max-connections-per-client":65536}        | invalid-max-connections-per-client | "max-connections-per-client" is 65536
            "health":{"interval":"0s"}                          | invalid-duration     | "interval" must be longer than zero
            "health":{"interval":"2h"}                          | invalid-health       | "interval": "2h" is too long
            "health":{"timeout":"1000h"}                        | invalid-health       | "timeout": "1000h" is too long
            "health":{"start-timeout":"25h"}                    | invalid-health       | "start-timeout": "25h" is too long
            "health":{"tcp":true,"path":"/up"}                  | invalid-health       | "tcp" and the path "/up" are two checks
            "health":{"start-timeout":"0s"}                     | invalid-duration     | "start-timeout" must be longer than zero
            """)
    void wrongValueIsRefusedByKey(String json, String code, String message) {
        BrockerException.Invalid refusal = Refusal.of(() -> read("," + json.strip()));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.message()).startsWith("\"s.json\" line 1: ").endsWith(message);
    }

    @Test
    void everythingHasADefault() {
        ServiceSpec spec = read("");
        Health health = spec.healthOrDefault();

        assertThat(spec.desiredReplicas()).isZero();
        assertThat(spec.loadBalanceOrDefault()).isEqualTo(LoadBalance.LEAST_CONN);
        assertThat(spec.portOrDefault()).isEqualTo(8080);
        assertThat(spec.drainTimeoutOrDefault()).isEqualTo(Duration.ofSeconds(30));
        assertThat(health.path()).isEmpty();
        assertThat(health.intervalOrDefault()).isEqualTo(Duration.ofSeconds(1));
        assertThat(health.timeoutOrDefault()).isEqualTo(Duration.ofSeconds(2));
        assertThat(health.startTimeoutOrDefault()).isEqualTo(Duration.ofSeconds(60));
        assertThat(health.successes()).isEqualTo(1);
        assertThat(health.failures()).isEqualTo(3);
    }

    @Test
    void directivesAreALineOrSeveral() {
        assertThat(read(",\"nginx\":\"gzip off;\"").nginx()).containsExactly("gzip off;");
        assertThat(read(",\"nginx\":[\"gzip off;\",\"etag off;\"]").nginx()).containsExactly("gzip off;", "etag off;");
        assertThat(read("").nginx()).isEmpty();
        String tooLong = "#".repeat(1 << 16);
        assertThat(Refusal.of(() -> read(",\"nginx\":\"" + tooLong + "\"")).code())
                .isEqualTo("invalid-nginx");
        assertThat(Refusal.of(() -> read(",\"nginx\":\"\\u0000\"")).code()).isEqualTo("invalid-nginx");
    }

    @Test
    void templateWithoutANumberIsOneReplica() {
        ContainerSpec template = Json.read("c", "{\"command\":\"a\"}", ContainerSpec.class);

        assertThat(read("").withContainer(template).desiredReplicas()).isEqualTo(1);
        assertThat(read(",\"container\":{\"command\":\"a\"}")).isEqualTo(read("").withContainer(template));
        assertThat(read(",\"replicas\":200,\"container\":{\"command\":\"a\"}").desiredReplicas())
                .isEqualTo(200);
    }
}
