package brocker.daemon.scenario;

import brocker.daemon.port.OutdatedProgram;
import brocker.daemon.port.Proxy;
import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.Traffic;
import brocker.daemon.port.TrafficMeter;
import brocker.daemon.port.TrafficTotals;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.Fd;
import brocker.kernel.Linux;
import brocker.runtime.Container;
import brocker.runtime.process.UserIds;
import brocker.spec.BrockerException;
import brocker.spec.Command;
import brocker.spec.ContainerSpec;
import brocker.spec.ServiceName;
import brocker.spec.wire.ServiceTraffic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A proxy that does at once what it is told, and remembers it. */
final class FakeProxy implements Proxy {
    private final Map<ServiceName, Traffic> served = new ConcurrentHashMap<>();

    /** What it was told last for a service. */
    Optional<Traffic> traffic(ServiceName service) {
        return Optional.ofNullable(served.get(service));
    }

    @Override
    public void requireInstalled() {
        // It is.
    }

    @Override
    public ContainerSpec prepare(ServiceRecord service, Traffic traffic) {
        served.put(service.name(), traffic);
        return ContainerSpec.of(service.name(), new Command(List.of("proxy")));
    }

    @Override
    public void handOver(ServiceRecord service, Optional<UserIds> users) {
        // There are no files.
    }

    @Override
    public void answered(ServiceRecord service) {
        // There is no doubt about it.
    }

    @Override
    public Optional<BrockerException> refusal(ServiceRecord service, String lastWords) {
        return Optional.empty();
    }

    @Override
    public Map<String, String> inheritance(int sockets) {
        return Map.of();
    }

    @Override
    public ProxyControl control(
            ServiceRecord service, Container container, List<Fd> sockets, Consumer<Optional<String>> listener) {
        return new ProxyControl() {
            @Override
            public Change apply(ServiceRecord next, Traffic traffic, Pace pace) {
                served.put(next.name(), traffic);
                return new Change().complete();
            }

            @Override
            public void require(ServiceRecord next, Traffic traffic) {
                // It takes everything.
            }

            @Override
            public Optional<OutdatedProgram> outdated() {
                return Optional.empty();
            }

            @Override
            public void upgrade() {
                throw new UnsupportedOperationException("it is never outdated");
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    @Override
    public Fd openLog(ServiceRecord service) {
        return Linux.open("/dev/null", Linux.O_RDONLY, 0);
    }

    @Override
    public void follow(ServiceRecord service, Fd log) {
        // Nothing is reported.
    }

    @Override
    public TrafficMeter meter(ServiceRecord service) {
        return new TrafficMeter() {
            @Override
            public ServiceTraffic lately() {
                return new ServiceTraffic(60, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
            }

            @Override
            public TrafficTotals totals() {
                return new TrafficTotals(List.of(), 0, 0, List.of(), 0, 0);
            }
        };
    }

    @Override
    public void forget(ServiceRecord service) {
        served.remove(service.name());
    }
}
