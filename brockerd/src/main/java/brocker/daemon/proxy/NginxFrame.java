package brocker.daemon.proxy;

import java.time.Duration;
import java.util.Map;

/**
 * What every {@code nginx.conf} of ours has around its servers: processes, log, temporary files, defaults of HTTP. Pure.
 *
 * @param owner what it is written for, such as {@code the service "shop"}
 * @param user who the workers run as
 * @param workers how many processes serve
 * @param shutdownTimeout how long a worker that has been replaced may finish what it began
 * @param forwarded whose word is taken for where a request came from
 */
record NginxFrame(String owner, String user, int workers, Duration shutdownTimeout, Forwarded forwarded) {
    private static final Template TEMPLATE = Template.ours("nginx");

    /** The whole file around these upstreams and servers. */
    String around(String servers) {
        return TEMPLATE.fill(Map.of(
                "owner",
                owner,
                "user",
                user,
                "workers",
                String.valueOf(workers),
                "shutdown-timeout",
                time(shutdownTimeout),
                "trusted-proxies",
                forwarded.variables(),
                "servers",
                servers));
    }

    /** To the millisecond, which nginx understands; zero would be without an end. */
    private static String time(Duration time) {
        long millis = Math.max(1, time.toMillis());
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
