package brocker.daemon.orchestrator;

import brocker.daemon.port.ProxyControl;
import brocker.daemon.port.Route;
import brocker.daemon.record.Ingress;
import brocker.daemon.record.ServiceRecord;
import brocker.spec.ContainerSpec;
import brocker.spec.HostName;
import brocker.spec.Hosting;
import brocker.spec.PathPrefix;
import brocker.spec.Publish;
import brocker.spec.ServiceName;
import brocker.spec.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The services of this host that exist, and what the ingresses among them do for the others. Thread-safe. */
final class Services {
    private static final System.Logger LOG = System.getLogger(Services.class.getName());
    private static final Duration ROUTED_WITHIN = Duration.ofSeconds(20);

    private final Map<ServiceName, ManagedService> byName = new ConcurrentSkipListMap<>();

    void put(ManagedService service) {
        byName.put(service.record().name(), service);
    }

    void remove(ManagedService service) {
        byName.remove(service.record().name());
    }

    Optional<ManagedService> find(ServiceName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, by name. */
    Stream<ManagedService> all() {
        return byName.values().stream();
    }

    /** The user's own, by name. */
    Stream<ManagedService> own() {
        return all().filter(service -> !service.record().ingress());
    }

    /** What containers are made from, those that have ended and those that are to be started as well. */
    Stream<ContainerSpec> containerSpecs() {
        return all().flatMap(service -> Stream.concat(
                service.record().revisions().stream().flatMap(revision -> revision.spec().container().stream()),
                service.containers().specs()));
    }

    /** What an ingress does: derived from the services that have hosts at its address and stay. */
    List<Route> routes(ServiceRecord ingress) {
        Publish address = ingress.spec().publish().getFirst();
        List<Route> routes = new ArrayList<>();
        own().filter(service -> !service.record().removing()).forEach(service -> {
            ServiceSpec spec = service.served().spec();
            if (!spec.hosts().isEmpty() && spec.publish().contains(address)) {
                routes.addAll(routes(service.record(), spec, address));
            }
        });
        return routes;
    }

    /** None for a service that cannot be routed to, so that the others are. */
    private static List<Route> routes(ServiceRecord service, ServiceSpec spec, Publish address) {
        try {
            List<Route> routes = new ArrayList<>();
            add(routes, service, spec, address);
            return routes;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "no route to \"" + service.name() + "\": " + e.getMessage());
            return List.of();
        }
    }

    private static void add(List<Route> routes, ServiceRecord service, ServiceSpec spec, Publish address) {
        Hosting hosting = spec.hosting();
        Hosting.Protocol protocol = hosting.at(address);
        for (HostName host : hosting.hosts()) {
            for (PathPrefix path : hosting.pathsOrAll()) {
                routes.add(new Route(
                        host,
                        path,
                        service.bridge(),
                        protocol,
                        protocol instanceof Hosting.Protocol.Encrypted
                                ? Optional.of(hosting.certificate(host))
                                : Optional.empty(),
                        spec.proxyOrDefault().clientLimits()));
            }
        }
    }

    /** A service came, changes or leaves: returns when every request is handed on as is said now. */
    void reroute(ServiceRecord service) {
        if (service.spec().hosts().isEmpty()) {
            return;
        }
        List<ProxyControl.Change> changes = service.spec().publish().stream()
                .flatMap(address -> find(Ingress.name(address)).stream())
                .map(ManagedService::refresh)
                .toList();
        for (ProxyControl.Change change : changes) {
            try {
                change.serving().get(ROUTED_WITHIN.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                LOG.log(System.Logger.Level.WARNING, "an ingress is slow to take up \"" + service.name() + "\"");
            } catch (ExecutionException e) {
                throw new IllegalStateException("a change of the proxy completes without failure", e);
            } catch (InterruptedException _) {
                // Whoever waits is leaving; the ingress takes it up without anybody who waits.
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
