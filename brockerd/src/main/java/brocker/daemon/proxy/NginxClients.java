package brocker.daemon.proxy;

import brocker.daemon.record.ServiceRecord;
import brocker.runtime.RunningContainer;
import brocker.runtime.network.TcpConnections;
import brocker.spec.Publish;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The connections of clients that an nginx has accepted, from the host and from within. */
record NginxClients(RunningContainer container, ServiceRecord service) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** Waits until those that are there now are gone, or nginx is, at most as long as is said meanwhile. */
    void awaitLeaving(Supplier<Duration> patience) throws InterruptedException {
        long begun = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        Set<String> before = all();
        while (!before.isEmpty()
                && !container.exit().isDone()
                && System.nanoTime() - begun < patience.get().toNanos()) {
            Thread.sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(3).dividedBy(2) : pause;
            before.retainAll(all());
        }
    }

    /** Behind an ingress each one is for a single request. */
    private Set<String> all() {
        Set<Integer> published = service.spec().hosts().isEmpty()
                ? service.spec().publish().stream().map(Publish::port).collect(Collectors.toSet())
                : Set.of();
        int self = Math.toIntExact(ProcessHandle.current().pid());
        Set<String> all = new HashSet<>(new TcpConnections(self).acceptedOn(published));
        all.addAll(new TcpConnections(container.init().pid()).acceptedOn(Set.of(ServiceRecord.PROXY_PORT)));
        return all;
    }
}
