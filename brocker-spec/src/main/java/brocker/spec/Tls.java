package brocker.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.HashSet;
import java.util.List;

/**
 * A certificate, with those that lead from it to a root, and its private key: {@code {"certificate": "shop.crt", "key": "shop.key"}}.
 *
 * @param hosts whom it is for, in JSON one string or an array of them; where none is written, for all hosts of the service
 */
public record Tls(
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<HostName> hosts,

        Pem certificate,
        Pem key) {
    public Tls {
        hosts = List.copyOf(hosts);
        if (new HashSet<>(hosts).size() < hosts.size()) {
            throw new BrockerException.Invalid("invalid-tls", "\"hosts\" names a host twice", "").at("hosts");
        }
    }

    /** Whether it is for this host of the service that it belongs to. */
    boolean covers(HostName host) {
        return hosts.isEmpty() || hosts.contains(host);
    }
}
