package brocker.daemon.orchestrator;

import brocker.daemon.port.OutdatedProgram;
import brocker.spec.BrockerException;
import brocker.spec.ContainerName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares every proxy's program with the installed one once a minute, and upgrades those that differ, one at a time. A package manager
 * replaces many files one after the other, so an upgrade waits until two comparisons have found the same. Works on a virtual thread.
 */
final class ProxyUpgrades implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProxyUpgrades.class.getName());

    /** Shorter in tests. */
    private static final Duration INTERVAL = Duration.ofMillis(Long.getLong("brocker.upgrade-check-millis", 60_000));

    private static final Duration LONGEST_STEP = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Services services;
    private final Map<ContainerName, Seen> seen = new HashMap<>(); // the thread's alone
    private final Thread thread;

    /**
     * What a comparison has found.
     *
     * @param failures how many upgrades have failed since
     * @param next when the next attempt may start
     */
    private record Seen(OutdatedProgram found, int failures, Instant next) {
        private Seen failed() {
            Duration pause = INTERVAL.multipliedBy(1L << Math.min(failures, 16));
            return new Seen(
                    found,
                    failures + 1,
                    Instant.now().plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
        }
    }

    ProxyUpgrades(Services services) {
        this.services = services;
        this.thread = Thread.ofVirtual().name("proxy-upgrades").unstarted(this::work);
    }

    /** Starts the thread, which compares at once. */
    void start() {
        thread.start();
    }

    private void work() {
        try {
            while (true) {
                Set<ContainerName> present = new HashSet<>();
                for (ManagedService service : services.all().toList()) {
                    Optional<ContainerName> proxy = service.program().container();
                    if (proxy.isPresent()) {
                        present.add(proxy.get());
                        visit(service, proxy.get());
                    }
                }
                seen.keySet().retainAll(present);
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException _) {
            LOG.log(System.Logger.Level.DEBUG, "proxies are no longer compared");
        }
    }

    private void visit(ManagedService service, ContainerName proxy) throws InterruptedException {
        try {
            Optional<OutdatedProgram> found = service.program().compare();
            if (found.isEmpty()) {
                seen.remove(proxy);
                return;
            }
            Seen before = seen.get(proxy);
            if (before == null || !before.found.equals(found.get())) {
                seen.put(proxy, new Seen(found.get(), 0, Instant.now()));
            } else if (service.isQuiet() && !Instant.now().isBefore(before.next)) {
                seen.put(proxy, before.failed());
                service.program().upgrade();
            }
        } catch (BrockerException e) {
            LOG.log(System.Logger.Level.WARNING, "service \"" + service.record().name() + "\": " + e.message());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "service \"" + service.record().name() + "\": " + e.getMessage(), e);
        }
    }

    /** Interrupts an upgrade that is under way; the next daemon finishes it. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            // It uses descriptors of this daemon.
            if (thread.isAlive()) {
                thread.join(LONGEST_STEP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
