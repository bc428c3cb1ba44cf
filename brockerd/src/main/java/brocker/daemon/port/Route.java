package brocker.daemon.port;

import brocker.spec.ClientLimits;
import brocker.spec.HostName;
import brocker.spec.Hosting.Protocol;
import brocker.spec.PathPrefix;
import brocker.spec.Tls;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an ingress does with requests for a host and a path.
 *
 * @param service the file name of the socket on which the service is reached
 * @param protocol what clients speak there
 * @param tls the host's certificate, where they speak TLS
 * @param clients what the service lets its clients take
 */
public record Route(
        HostName host, PathPrefix path, String service, Protocol protocol, Optional<Tls> tls, ClientLimits clients) {
    /** Where the service is reached. */
    public Path socket(Path directory) {
        return directory.resolve(service);
    }
}
