package brocker.client.verb;

import brocker.client.daemon.Answer;
import brocker.client.text.Size;
import brocker.spec.ContainerName;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one container took of the host at one time.
 *
 * @param cpu on all processors together, since the container's start
 * @param blockRead absent where the host does not count it
 */
record Look(
        ContainerName name,
        String service,
        Instant read,
        Duration cpu,
        long memory,
        long memoryLimit,
        long pids,
        long pidsLimit,
        long networkReceived,
        long networkSent,
        Optional<Long> blockRead,
        Optional<Long> blockWritten) {
    static final String[] COLUMNS = {
        "NAME", "SERVICE", "CPU", "MEMORY", "OF LIMIT", "PIDS", "NETWORK IN", "OUT", "BLOCK READ", "WRITTEN"
    };

    static Look of(Answer answer) {
        return new Look(
                answer.containerName(),
                answer.text("service"),
                answer.instant("read").orElse(Instant.EPOCH),
                Duration.ofNanos(answer.number("cpu-nanoseconds")),
                answer.number("memory"),
                answer.number("memory-limit"),
                answer.number("pids"),
                answer.number("pids-limit"),
                answer.number("network-received"),
                answer.number("network-sent"),
                answer.optionalNumber("block-read"),
                answer.optionalNumber("block-written"));
    }

    /** The share of one processor since an earlier look, in percent; of two processors there are two hundred. */
    BigDecimal cpuPercent(Look earlier) {
        long elapsed = Duration.between(earlier.read, read).toNanos();
        double percent = elapsed <= 0 ? 0 : 100.0 * cpu.minus(earlier.cpu).toNanos() / elapsed;
        return BigDecimal.valueOf(Math.max(0, percent)).setScale(1, RoundingMode.HALF_UP);
    }

    String[] row(Look earlier) {
        return new String[] {
            name.abbreviated(),
            service,
            cpuPercent(earlier) + " %",
            Size.of(memory),
            BigDecimal.valueOf(memory * 100.0 / memoryLimit).setScale(1, RoundingMode.HALF_UP) + " % of "
                    + Size.of(memoryLimit),
            String.valueOf(pids),
            Size.of(networkReceived),
            Size.of(networkSent),
            blockRead.map(Size::of).orElse("-"),
            blockWritten.map(Size::of).orElse("-")
        };
    }

    /** As the daemon says it, with the share of the processors. */
    Map<String, Object> json(Look earlier) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name.value());
        members.put("service", service);
        members.put("read", read.toString());
        members.put("cpu-percent", cpuPercent(earlier));
        members.put("cpu-nanoseconds", cpu.toNanos());
        members.put("memory", memory);
        members.put("memory-limit", memoryLimit);
        members.put("pids", pids);
        members.put("pids-limit", pidsLimit);
        members.put("network-received", networkReceived);
        members.put("network-sent", networkSent);
        blockRead.ifPresent(bytes -> members.put("block-read", bytes));
        blockWritten.ifPresent(bytes -> members.put("block-written", bytes));
        return members;
    }
}
