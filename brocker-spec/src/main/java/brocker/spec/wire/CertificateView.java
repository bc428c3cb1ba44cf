package brocker.spec.wire;

import brocker.spec.HostName;
import java.time.Instant;
import java.util.List;

/**
 * A certificate of a service: {@code {"hosts": ["shop.example"], "names": ["shop.example", "*.shop.example"], "end":
 * "2027-02-21T19:25:26Z"}}.
 *
 * @param hosts the service's that it is used for
 * @param names whom it says it is for
 * @param end when it expires
 */
public record CertificateView(List<HostName> hosts, List<String> names, Instant end) {
    public CertificateView {
        hosts = List.copyOf(hosts);
        names = List.copyOf(names);
    }
}
