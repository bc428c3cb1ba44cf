package brocker.spec.wire;

import brocker.spec.ContainerName;
import brocker.spec.ServiceName;
import java.time.Instant;
import java.util.Optional;

/**
 * What a running container takes of the host. The share of the processors is what two of them tell: the difference of
 * {@code cpu-nanoseconds} by that of {@code read}.
 *
 * <pre>{@code
 * {"name": "5f0c…", "service": "shop", "read": "2026-11-23T19:25:26.123Z", "cpu-nanoseconds": 1834000000,
 *  "memory": 130023424, "memory-limit": 536870912, "pids": 31, "pids-limit": 4096, "network-received": 8120,
 *  "network-sent": 40233, "block-read": 1228800, "block-written": 0}
 * }</pre>
 *
 * @param read when it was read
 * @param cpuNanoseconds what it has run since its start, on all processors together
 * @param memory bytes, without file content that would be given up first
 * @param memoryLimit bytes; what all containers together may have where it has no limit of its own
 * @param pids processes and threads
 * @param networkReceived bytes since its start
 * @param networkSent bytes since its start
 * @param blockRead bytes since its start; absent where the host does not count them
 * @param blockWritten bytes since its start; with cgroups of version 1 without delayed writes, which is most of them
 */
public record ContainerStats(
        ContainerName name,
        ServiceName service,
        Instant read,
        long cpuNanoseconds,
        long memory,
        long memoryLimit,
        int pids,
        int pidsLimit,
        long networkReceived,
        long networkSent,
        Optional<Long> blockRead,
        Optional<Long> blockWritten) {}
