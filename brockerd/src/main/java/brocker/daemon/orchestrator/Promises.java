package brocker.daemon.orchestrator;

import brocker.daemon.allocation.BridgeRange;
import brocker.daemon.allocation.Claims;
import brocker.daemon.port.Bridges;
import brocker.daemon.record.Ingress;
import brocker.daemon.record.ServiceRecord;
import brocker.kernel.netlink.Link;
import brocker.spec.BrockerException;
import brocker.spec.Cidr;
import brocker.spec.ServiceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names, bridges, addresses, ports and hosts, settled between services that are made or changed at once: what one has been promised
 * nobody else gets. Thread-safe.
 */
final class Promises {
    private final Services services;
    private final Bridges bridges;
    private final List<Promise> kept = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    Promises(Services services, Bridges bridges) {
        this.services = services;
        this.bridges = bridges;
    }

    /** Holds until it is closed, which is when the services themselves say what is taken. */
    final class Promise implements AutoCloseable {
        private final ServiceRecord record;

        private Promise(ServiceRecord record) {
            this.record = record;
        }

        /** The service as it is to be. */
        ServiceRecord record() {
            return record;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                kept.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Promises what a new service needs.
     *
     * @throws BrockerException.Conflict when somebody else has it
     */
    Promise add(ServiceSpec spec) {
        lock.lock();
        try {
            List<ServiceRecord> taken = taken();
            for (ServiceRecord other : taken) {
                if (other.name().equals(spec.name())) {
                    throw new BrockerException.Conflict(
                            "service-exists",
                            "the service \"" + spec.name() + "\" exists already",
                            "change it: brocker-client service deploy FILE; or remove it: brocker-client service remove "
                                    + spec.name());
                }
            }
            requireFree(spec, taken);
            Cidr address = BridgeRange.choose(spec, taken, bridges.taken());
            return keep(ServiceRecord.added(spec, number(taken), address, Instant.now()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Promises what a service needs that is to become another.
     *
     * @throws BrockerException.Conflict when somebody else has it
     */
    Promise change(ServiceRecord service, ServiceSpec next) {
        lock.lock();
        try {
            requireFree(next, taken());
            return keep(service.deploying(next));
        } finally {
            lock.unlock();
        }
    }

    /** Everything that exists or is promised; what is both, twice. */
    List<ServiceRecord> taken() {
        lock.lock();
        try {
            return Stream.concat(
                            services.all().map(ManagedService::record),
                            kept.stream().map(Promise::record))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** An ingress has its address for those who share it. */
    private static void requireFree(ServiceSpec spec, List<ServiceRecord> taken) {
        if (!Ingress.is(spec)) {
            taken.stream()
                    .filter(other -> !other.ingress() && !other.name().equals(spec.name()))
                    .forEach(other -> Claims.of(other).requireFree(spec.hosting()));
        }
    }

    private Promise keep(ServiceRecord record) {
        Promise promise = new Promise(record);
        kept.add(promise);
        return promise;
    }

    private int number(List<ServiceRecord> taken) {
        Set<String> names = bridges.links().stream().map(Link::name).collect(Collectors.toCollection(HashSet::new));
        taken.forEach(record -> names.add(record.bridge()));
        int number = 1;
        while (names.contains("brocker" + number)) {
            number++;
        }
        return number;
    }
}
