package brocker.spec.wire;

import brocker.spec.Cidr;
import brocker.spec.ContainerName;
import brocker.spec.LoadBalance;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A service as its users see it.
 *
 * <pre>{@code
 * {"name": "shop", "bridge": "brocker3", "address": "10.0.1.1/24", "publish": ["127.0.0.1:8080"], "load-balance": "least_conn",
 *  "port": 8080, "desired": 3, "ready": 2, "proxy": "9a1b…", "proxy-address": "10.0.1.2", "created": "2026-11-23T19:25:26.123Z",
 *  "revisions": [{"number": 1, "state": "active", "created": "2026-11-23T19:25:26.123Z", "changed": "2026-11-23T19:25:26.123Z"}]}
 * }</pre>
 *
 * @param desired how many replicas Brocker keeps, plus the applications that the user ran
 * @param ready how many containers the proxy sends requests to
 * @param revisions of its template, the last five, by number
 * @param proxy absent while nginx is being started
 */
public record ServiceView(
        ServiceName name,
        String bridge,
        Cidr address,
        List<Publish> publish,
        LoadBalance loadBalance,
        int port,
        int desired,
        int ready,
        Optional<ContainerName> proxy,
        String proxyAddress,
        Instant created,
        List<RevisionView> revisions) {
    public ServiceView {
        publish = List.copyOf(publish);
        revisions = List.copyOf(revisions);
    }
}
