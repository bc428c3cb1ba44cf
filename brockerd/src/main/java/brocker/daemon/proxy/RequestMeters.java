package brocker.daemon.proxy;

import brocker.kernel.DatagramReader;
import brocker.kernel.Fd;
import brocker.spec.ServiceName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The numbers of all services, which their nginxes report in datagrams; one thread reads them all. Thread-safe. */
public final class RequestMeters implements AutoCloseable {
    /** At 20,000 requests a second 100 of them wait meanwhile. */
    private static final Duration SHORTEST_REST = Duration.ofMillis(5);

    private static final Duration LONGEST_REST = Duration.ofMillis(100);

    private final DatagramReader reader = DatagramReader.open("request-log", SHORTEST_REST, LONGEST_REST);
    private final Map<ServiceName, RequestMeter> meters = new ConcurrentHashMap<>();

    /** The numbers of a service, whether it is followed or not. */
    RequestMeter of(ServiceName service) {
        return meters.computeIfAbsent(service, name -> new RequestMeter(System::nanoTime));
    }

    /** Counts what comes in there from now on, and nothing else for this service. The socket stays the caller's. */
    void follow(ServiceName service, Fd socket) {
        RequestMeter meter = of(service);
        reader.forget(meter);
        reader.watch(socket, meter);
    }

    void forget(ServiceName service) {
        RequestMeter meter = meters.remove(service);
        if (meter != null) {
            reader.forget(meter);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
