package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.daemon.port.Route;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.Cidr;
import brocker.spec.ClientLimits;
import brocker.spec.HostName;
import brocker.spec.Hosting.Protocol;
import brocker.spec.PathPrefix;
import brocker.spec.ProxySettings;
import brocker.spec.ServiceSpec;
import brocker.spec.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IngressConfigurationTest {
    private static final NginxVersion OLD = new NginxVersion(1, 22, 1);

    private static Route route(String host, String path, String service, Protocol protocol) {
        return new Route(
                new HostName(host), new PathPrefix(path), service, protocol, Optional.empty(), ClientLimits.DEFAULT);
    }

    private static String text(NginxVersion version, Route... routes) {
        ServiceSpec spec = Json.read("test", "{\"name\":\"ingress-80\",\"publish\":\"0.0.0.0:80\"}", ServiceSpec.class);
        ServiceRecord ingress = ServiceRecord.added(spec, 1, Cidr.parse("10.0.1.1/24"), Instant.EPOCH);
        return new IngressConfiguration(ingress, List.of(routes), version, "www-data", 2).text("/etc/nginx");
    }

    @Test
    void pathsOfAHostAreWholeSegmentsInOneServer() {
        String text = text(
                OLD,
                route("shop.example", "/cart", "brocker2", new Protocol.Plain()),
                route("shop.example", "/", "brocker1", new Protocol.Plain()));

        assertThat(text)
                .contains("""
                    server {
                        listen 0.0.0.0:80;
                        server_name shop.example;

                        if ($hosts_differ) {
                            return 400;
                        }
                        location / {
                            set $service brocker1;
                            if (-f /etc/nginx/leaving/$pid) {
                                return 419;
                            }
                            proxy_pass http://brocker1;
                        }
                        location = "/cart" {
                            set $service brocker2;
                            if (-f /etc/nginx/leaving/$pid) {
                                return 419;
                            }
                            proxy_pass http://brocker2;
                        }
                        location "/cart/" {
                            set $service brocker2;
                            if (-f /etc/nginx/leaving/$pid) {
                                return 419;
                            }
                            proxy_pass http://brocker2;
                        }
                        # A worker that will leave says so in its last answers.
                        error_page 419 = @last-answer;
                        location @last-answer {
                            keepalive_timeout 0;
                            proxy_pass http://$service;
                        }
                    }
                """)
                .contains("server unix:/run/ingress/brocker2 max_fails=0;")
                .contains("return 404");
    }

    @Test
    void mostGenerousServiceDecidesWhatClientsMayTake() {
        ClientLimits one = Json.read("test", "{\"header-timeout\":\"1m\"}", ProxySettings.class)
                .clientLimits();
        ClientLimits other = Json.read("test", "{\"max-header-size\":\"32k\"}", ProxySettings.class)
                .clientLimits();
        Route route = route("shop.example", "/", "brocker1", new Protocol.Plain());

        assertThat(text(OLD, limited(route, one), limited(route, other)))
                .contains("client_header_timeout 1m;", "large_client_header_buffers 4 32k;", "client_body_timeout 1m;");
    }

    private static Route limited(Route route, ClientLimits limits) {
        return new Route(route.host(), route.path(), route.service(), route.protocol(), route.tls(), limits);
    }

    @Test
    void http2IsAWordOfListenOrADirective() {
        Route route = route("shop.example", "/", "brocker1", new Protocol.Encrypted());

        assertThat(text(OLD, route))
                .contains("listen 0.0.0.0:80 ssl http2;")
                .contains("ssl_reject_handshake on;")
                .doesNotContain("http2 on;");
        assertThat(text(new NginxVersion(1, 25, 1), route))
                .contains("listen 0.0.0.0:80 ssl;")
                .contains("http2 on;")
                .doesNotContain("ssl http2");
    }

    @Test
    void redirectNeedsNoService() {
        assertThat(text(OLD, route("shop.example", "/", "brocker1", new Protocol.Redirect(8443))))
                .contains("return 308 https://shop.example:8443$request_uri;")
                .doesNotContain("upstream brocker1")
                .doesNotContain("$service");
    }

    @Test
    void withoutRoutesEverythingIsUnknown() {
        assertThat(text(OLD)).contains("listen 0.0.0.0:80 default_server;").doesNotContain("server_name");
    }
}
