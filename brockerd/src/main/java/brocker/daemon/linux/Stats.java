package brocker.daemon.linux;

import brocker.daemon.record.ContainerRecord;
import brocker.runtime.ContainerRuntime;
import brocker.runtime.cgroup.Capacity;
import brocker.runtime.cgroup.Limits;
import brocker.runtime.cgroup.Usage;
import brocker.runtime.network.Traffic;
import brocker.spec.ByteSize;
import brocker.spec.wire.ContainerStats;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What running containers take of the host, read from their control groups and from their links, the latter all at once. */
final class Stats {
    private Stats() {}

    /** Those of the containers that are still there. */
    static List<ContainerStats> of(ContainerRuntime runtime, List<ContainerRecord> containers) {
        Map<String, Traffic> traffic = runtime.network().traffic();
        return containers.stream()
                .flatMap(container -> read(runtime, container, traffic).stream())
                .toList();
    }

    private static Optional<ContainerStats> read(
            ContainerRuntime runtime, ContainerRecord record, Map<String, Traffic> traffic) {
        Capacity capacity = runtime.cgroups().capacity();
        Limits limits = Limits.of(record.spec().limits());
        Traffic own = traffic.get(record.hostEnd());
        Optional<Usage> usage = runtime.cgroups().usage(record.name().value());
        if (own == null || usage.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ContainerStats(
                record.name(),
                record.service(),
                Instant.now(),
                usage.get().cpu().toNanos(),
                usage.get().memory(),
                limits.memory().map(ByteSize::bytes).orElse(capacity.memory().bytes()),
                usage.get().pids(),
                Math.min(limits.pids(), capacity.pids()),
                own.received(),
                own.sent(),
                boxed(usage.get().blockRead()),
                boxed(usage.get().blockWritten())));
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }
}
