package brocker.daemon.proxy;

import brocker.daemon.orchestrator.ServiceRecord;
import brocker.daemon.orchestrator.Upstream;
import brocker.spec.Cidr;
import brocker.spec.LoadBalance;
import brocker.spec.Publish;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of {@code nginx.conf} for one service; pure.
 *
 * @param user who the workers run as
 * @param workers how many processes serve
 */
record NginxConfiguration(ServiceRecord service, List<Upstream> members, String user, int workers) {
    /** Below the 20 s after which Tomcat closes an idle connection, so that nginx never sends a request into a closing one. */
    private static final String UPSTREAM_IDLE = "15s";

    NginxConfiguration {
        members = List.copyOf(members);
    }

    String text() {
        return """
                # Written by brockerd for the service "%1$s"; it is written anew with every change of its members.
                user %2$s;
                worker_processes %3$d;
                worker_shutdown_timeout %4$ds;
                worker_rlimit_nofile 16384;
                daemon off;
                pid /run/nginx.pid;
                error_log stderr warn;

                events {
                    worker_connections 8192;
                }

                http {
                    access_log /dev/stdout;
                    server_tokens off;
                    tcp_nodelay on;
                    client_max_body_size 100m;
                    client_body_temp_path /app/body_temp;
                    proxy_temp_path /app/proxy_temp;
                    fastcgi_temp_path /app/fastcgi_temp;
                    uwsgi_temp_path /app/uwsgi_temp;
                    scgi_temp_path /app/scgi_temp;

                    map $http_upgrade $connection_upgrade {
                        default upgrade;
                        ""      "";
                    }

                    map $http_x_forwarded_proto $forwarded_proto {
                        default $http_x_forwarded_proto;
                        ""      $scheme;
                    }
                %5$s
                    server {
                %6$s
                        location / {
                %7$s
                        }
                    }
                }
                """.formatted(
                service.name(),
                user,
                workers,
                Math.max(1, service.spec().drainTimeoutOrDefault().toSeconds()),
                upstream(),
                listen(),
                (members.isEmpty() ? unavailable() : forward()).indent(12).stripTrailing());
    }

    private String upstream() {
        if (members.isEmpty()) {
            return "";
        }
        String servers = members.stream()
                .map(member -> "        server " + member + " max_fails=1 fail_timeout=1s;")
                .collect(Collectors.joining("\n"));
        return """

                    upstream application {
                        zone application 256k;
                %s%s
                        keepalive 64;
                        keepalive_timeout %s;
                    }
                """.formatted(method(service.spec().loadBalanceOrDefault()), servers, UPSTREAM_IDLE);
    }

    private static String method(LoadBalance loadBalance) {
        return switch (loadBalance) {
            case ROUND_ROBIN -> "";
            case LEAST_CONN, IP_HASH, RANDOM -> "        " + loadBalance.text() + ";\n";
        };
    }

    /** {@code bind}: without it nginx would leave its own address to a published wildcard, which is the host's and not here. */
    private String listen() {
        StringBuilder lines = new StringBuilder();
        for (Publish address : service.spec().publish()) {
            lines.append("        listen ").append(address).append(";\n");
        }
        return lines.append("        listen ")
                .append(Cidr.dotted(service.proxyAddress()))
                .append(":" + ServiceRecord.PROXY_PORT + " bind;")
                .toString();
    }

    private static String unavailable() {
        return """
                            default_type text/plain;
                            add_header Retry-After 1 always;
                            return 503 "no container of this service is ready\\n";""".stripTrailing();
    }

    private static String forward() {
        return """
                            proxy_pass http://application;
                            proxy_http_version 1.1;
                            proxy_set_header Host $http_host;
                            proxy_set_header Connection $connection_upgrade;
                            proxy_set_header Upgrade $http_upgrade;
                            proxy_set_header X-Real-IP $remote_addr;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Forwarded-Host $http_host;
                            proxy_set_header X-Forwarded-Proto $forwarded_proto;
                            proxy_set_header X-Request-Id $request_id;
                            proxy_next_upstream error timeout;
                            proxy_connect_timeout 2s;""".stripTrailing();
    }
}
