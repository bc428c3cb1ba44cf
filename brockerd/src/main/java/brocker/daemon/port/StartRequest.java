package brocker.daemon.port;

import brocker.daemon.record.ContainerRecord;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.spec.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A container to start.
 *
 * @param env added to its environment
 * @param sockets passed to its command; they still belong to the caller
 * @param others the specifications of all known containers: no mount may lead through a directory that one of them can write to
 */
public record StartRequest(
        ServiceRecord service,
        ContainerRecord container,
        Map<String, String> env,
        List<Fd> sockets,
        Supplier<Stream<ContainerSpec>> others) {
    public StartRequest {
        env = Map.copyOf(env);
        sockets = List.copyOf(sockets);
    }
}
