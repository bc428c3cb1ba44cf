package brocker.spec.wire;

import brocker.spec.Cidr;
import brocker.spec.ContainerName;
import brocker.spec.HostName;
import brocker.spec.LoadBalance;
import brocker.spec.PathPrefix;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service as its users see it.
 *
 * <pre>{@code
 * {"name": "shop", "bridge": "brocker3", "address": "10.0.1.1/24", "ingress": false, "publish": ["0.0.0.0:443"], "hosts": ["shop.example"],
 *  "paths": ["/"], "certificates": [{"hosts": ["shop.example"], "names": ["shop.example"], "end": "2027-02-21T19:25:26Z"}], "load-balance": "least_conn",
 *  "port": 8080, "desired": 3, "ready": 2, "proxy": "9a1b…", "proxy-address": "10.0.1.2", "created": "2026-11-23T19:25:26.123Z",
 *  "revisions": [{"number": 1, "state": "active", "created": "2026-11-23T19:25:26.123Z", "changed": "2026-11-23T19:25:26.123Z"}],
 *  "warnings": ["the certificate \"shop.example\" expired at 2026-11-21T19:25:26Z"]}
 * }</pre>
 *
 * @param ingress whether Brocker made it, to share an address between services that have hosts
 * @param paths none stands for all
 * @param desired how many replicas Brocker keeps, plus the applications that the user ran
 * @param ready how many containers the proxy sends requests to
 * @param revisions of its template, the last five, by number
 * @param traffic where one service is asked for
 * @param proxy absent while nginx is being started
 * @param broken why the daemon cannot look after the service: it cannot read what it stored of it. Its containers go on; it can be removed.
 *     Absent where all is well
 * @param problem why nginx does not do what it was told; it is tried again
 * @param warnings what clients will object to, and what the daemon could not do for the service yet, one sentence each
 */
public record ServiceView(
        ServiceName name,
        String bridge,
        Cidr address,
        boolean ingress,
        List<Publish> publish,
        List<HostName> hosts,
        List<PathPrefix> paths,
        List<CertificateView> certificates,
        LoadBalance loadBalance,
        int port,
        int desired,
        int ready,
        Optional<ContainerName> proxy,
        String proxyAddress,
        Optional<String> broken,
        Optional<String> problem,
        Instant created,
        List<RevisionView> revisions,
        Optional<ServiceTraffic> traffic,
        List<String> warnings) {
    public ServiceView {
        publish = List.copyOf(publish);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        certificates = List.copyOf(certificates);
        warnings = List.copyOf(warnings);
        revisions = List.copyOf(revisions);
    }

    /** The same with further warnings. */
    public ServiceView withWarnings(List<String> more) {
        return with(traffic, Stream.concat(warnings.stream(), more.stream()).toList());
    }

    /** The same with what its nginx has answered lately. */
    public ServiceView withTraffic(ServiceTraffic lately) {
        return with(Optional.of(lately), warnings);
    }

    private ServiceView with(Optional<ServiceTraffic> newTraffic, List<String> newWarnings) {
        return new ServiceView(
                name,
                bridge,
                address,
                ingress,
                publish,
                hosts,
                paths,
                certificates,
                loadBalance,
                port,
                desired,
                ready,
                proxy,
                proxyAddress,
                broken,
                problem,
                created,
                revisions,
                newTraffic,
                newWarnings);
    }
}
