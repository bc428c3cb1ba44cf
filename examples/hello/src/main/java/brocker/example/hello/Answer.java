package brocker.example.hello;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Who answered, and in what state its JVM is.
 *
 * @param container the first 12 digits of the container's name, or "none" outside a container
 * @param heapUsed megabytes
 * @param heapMax megabytes
 */
public record Answer(
        String container, String hostname, String address, String uptime, long heapUsed, long heapMax, int processors, String java) {
    private static final int SHOWN_DIGITS = 12;
    private static final long MEGABYTE = 1 << 20;

    static Answer from(String address) {
        Runtime runtime = Runtime.getRuntime();
        Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        return new Answer(
                ownContainer(),
                ownHostname(),
                address,
                "%d:%02d:%02d".formatted(uptime.toHours(), uptime.toMinutesPart(), uptime.toSecondsPart()),
                (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE,
                runtime.maxMemory() / MEGABYTE,
                runtime.availableProcessors(),
                Runtime.version().toString());
    }

    /** The first 12 digits of the container's name, or "none" outside a container. */
    static String ownContainer() {
        String name = System.getenv().getOrDefault("BROCKER_CONTAINER", "none");
        return name.substring(0, Math.min(SHOWN_DIGITS, name.length()));
    }

    private static String ownHostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown"; // a hostname that no address belongs to; the page is still worth showing
        }
    }
}
