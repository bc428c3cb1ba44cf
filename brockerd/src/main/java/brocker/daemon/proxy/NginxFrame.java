package brocker.daemon.proxy;

import brocker.spec.ByteSize;
import brocker.spec.ClientLimits;
import java.time.Duration;
import java.util.Map;

/**
 * What every {@code nginx.conf} of ours has around its servers: processes, log, temporary files, defaults of HTTP. Pure.
 *
 * @param owner what it is written for, such as {@code the service "shop"}
 * @param user who the workers run as
 * @param workers how many processes serve
 * @param shutdownTimeout how long a worker that has been replaced may finish what it began
 * @param tempSize of the file system that the temporary files lie in
 * @param clients what clients may take
 * @param forwarded whose word is taken for where a request came from
 */
record NginxFrame(
        String owner,
        String user,
        int workers,
        Duration shutdownTimeout,
        ByteSize tempSize,
        ClientLimits clients,
        Forwarded forwarded) {
    private static final Template TEMPLATE = Template.ours("nginx");

    /**
     * Per worker. Even a single worker has room for more unfinished request heads than an attacker keeps open within
     * {@code header-timeout}.
     */
    private static final int WORKER_CONNECTIONS = 8192;

    /** Less than {@code worker_rlimit_nofile}, as a worker needs descriptors for more than connections. */
    private static final int WORKER_CONNECTIONS_OF_ONE = 14_000;

    /** How much of the temporary files' place one answer may take. */
    private static final int ANSWER_SHARE = 4;

    /** The whole file around these upstreams and servers. */
    String around(String servers) {
        return TEMPLATE.fill(Map.ofEntries(
                Map.entry("owner", owner),
                Map.entry("user", user),
                Map.entry("workers", String.valueOf(workers)),
                Map.entry(
                        "worker-connections",
                        String.valueOf(workers == 1 ? WORKER_CONNECTIONS_OF_ONE : WORKER_CONNECTIONS)),
                Map.entry("shutdown-timeout", time(shutdownTimeout)),
                Map.entry("temp-size", tempSize.toString()),
                Map.entry("temp-file-size", Forwarding.size(new ByteSize(tempSize.bytes() / ANSWER_SHARE))),
                Map.entry("header-timeout", clients.headerTimeout().toString()),
                Map.entry("max-header-size", clients.maxHeaderSize().toString()),
                Map.entry("client-timeout", clients.clientTimeout().toString()),
                Map.entry("keep-alive-timeout", clients.keepAliveTimeout().toString()),
                Map.entry("trusted-proxies", forwarded.variables()),
                Map.entry("servers", servers)));
    }

    /** To the millisecond, which nginx understands; zero would be without an end. */
    private static String time(Duration time) {
        long millis = Math.max(1, time.toMillis());
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
