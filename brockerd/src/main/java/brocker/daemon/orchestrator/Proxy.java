package brocker.daemon.orchestrator;

import brocker.kernel.Fd;
import brocker.runtime.RunningContainer;
import brocker.runtime.process.UserIds;
import brocker.spec.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program that stands before every service's containers. Thread-safe. */
public interface Proxy {
    /**
     * Finds out whether the program is there.
     *
     * @throws brocker.spec.BrockerException.Host when it is not installed
     */
    void requireInstalled();

    /** Writes the configuration for a service and says what to run. */
    ContainerSpec prepare(ServiceRecord service, Traffic traffic);

    /** What only the program may read becomes that of the container in which it is about to start. */
    void handOver(ServiceRecord service, Optional<UserIds> users);

    /** The program accepts connections, with the configuration that was written last. */
    void answered(ServiceRecord service);

    /** What the program's environment has to say so that it takes sockets over. */
    Map<String, String> inheritance(int sockets);

    /**
     * Takes control of the program as it runs in a container.
     *
     * @param sockets what it listens on for the host; stay the caller's
     */
    ProxyControl control(ServiceRecord service, RunningContainer container, List<Fd> sockets);

    /** Forgets a service's configuration. */
    void forget(ServiceRecord service);
}
