package brocker.daemon.port;

import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.runtime.Container;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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

    /** Why a program did not start, where its last words are about its configuration: the user's failure where it is about what they wrote. */
    Optional<BrockerException> refusal(ServiceRecord service, String lastWords);

    /** What the program's environment has to say so that it takes sockets over. */
    Map<String, String> inheritance(int sockets);

    /**
     * Takes control of the program as it runs in a container.
     *
     * @param sockets what it listens on for the host; stay the caller's
     * @param listener told after the first change, and then whenever it is otherwise: empty where the program does what it was told,
     *     otherwise why not
     */
    ProxyControl control(
            ServiceRecord service, Container container, List<Fd> sockets, Consumer<Optional<String>> listener);

    /**
     * Makes the socket on which the program reports each request. It is handed to it behind those that it listens on, so that the socket stays
     * while the daemon is away; the caller owns it.
     */
    Fd openLog(ServiceRecord service);

    /** Counts what is reported there from now on; the socket stays the caller's. */
    void follow(ServiceRecord service, Fd log);

    /** The numbers of a service. */
    TrafficMeter meter(ServiceRecord service);

    /** Forgets a service's configuration. */
    void forget(ServiceRecord service);
}
