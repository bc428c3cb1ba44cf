package brocker.spec;

import java.time.Duration;

/**
 * How long a client may hold a connection of nginx without making progress, and how long a head it may send; the keys of
 * {@link ProxySettings} of the same names.
 */
public record ClientLimits(
        Timespan headerTimeout, ByteSize maxHeaderSize, Timespan clientTimeout, Timespan keepAliveTimeout) {
    public static final ClientLimits DEFAULT = new ClientLimits(
            new Timespan(Duration.ofSeconds(20)),
            new ByteSize(8 << 10),
            new Timespan(Duration.ofSeconds(60)),
            new Timespan(Duration.ofSeconds(75)));

    /** The more generous of both, limit by limit. */
    public ClientLimits or(ClientLimits other) {
        return new ClientLimits(
                longer(headerTimeout, other.headerTimeout),
                maxHeaderSize.bytes() >= other.maxHeaderSize.bytes() ? maxHeaderSize : other.maxHeaderSize,
                longer(clientTimeout, other.clientTimeout),
                longer(keepAliveTimeout, other.keepAliveTimeout));
    }

    private static Timespan longer(Timespan one, Timespan other) {
        return one.duration().compareTo(other.duration()) >= 0 ? one : other;
    }
}
