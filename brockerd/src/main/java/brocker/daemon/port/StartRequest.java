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
 * A container that is to be started.
 *
 * @param env added to its environment
 * @param sockets handed to its command; stay the caller's
 * @param others what every container that is known was made from: where one of them may write, no mount may lead through
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
