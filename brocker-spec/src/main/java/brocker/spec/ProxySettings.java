package brocker.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service's nginx treats requests: {@code {"gzip": true, "max-body-size": "100m", "connect-timeout": "2s", "read-timeout": "60s",
 * "send-timeout": "60s", "stream-timeout": "1h", "buffering": false, "request-buffering": true, "temp-size": "256m",
 * "header-timeout": "20s", "max-header-size": "8k", "client-timeout": "60s", "keep-alive-timeout": "75s",
 * "max-connections-per-client": 1024, "trusted-proxies": []}}, which is also the default.
 *
 * @param gzip whether answers of text types are compressed for those who accept that
 * @param maxBodySize a request with a longer body gets 413
 * @param readTimeout how long an application may say nothing before the request fails with 504
 * @param sendTimeout how long it may accept nothing
 * @param streamTimeout both, of WebSockets and of requests that accept {@code text/event-stream}
 * @param buffering whether nginx takes an answer off the application at once and holds back what does not fill a buffer; the application
 *     decides for one answer with the header {@code X-Accel-Buffering}
 * @param requestBuffering whether the application gets a request when its body has arrived as a whole
 * @param tempSize the memory for buffered bodies of all requests together; a request whose body no longer fits gets 500
 * @param headerTimeout how long a client may take for the head of a request
 * @param maxHeaderSize the longest request line and the longest header field
 * @param clientTimeout how long a client may send nothing of a body, or accept nothing of an answer
 * @param keepAliveTimeout how long a client may keep a connection open without a request
 * @param maxConnectionsPerClient how many connections of one client address may have a request in progress; one more gets 429
 * @param trustedProxies whose {@code X-Forwarded-*} and {@code Forwarded} are believed and passed on; those of everybody else are replaced
 */
public record ProxySettings(
        Optional<Boolean> gzip,
        Optional<ByteSize> maxBodySize,
        Optional<Timespan> connectTimeout,
        Optional<Timespan> readTimeout,
        Optional<Timespan> sendTimeout,
        Optional<Timespan> streamTimeout,
        Optional<Boolean> buffering,
        Optional<Boolean> requestBuffering,
        Optional<ByteSize> tempSize,
        Optional<Timespan> headerTimeout,
        Optional<ByteSize> maxHeaderSize,
        Optional<Timespan> clientTimeout,
        Optional<Timespan> keepAliveTimeout,
        Optional<Integer> maxConnectionsPerClient,
        List<Network> trustedProxies) {
    public static final ProxySettings DEFAULT = new ProxySettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    private static final ByteSize USUAL_TEMP_SIZE = new ByteSize(256L << 20);
    private static final ByteSize LEAST_TEMP_SIZE = new ByteSize(1L << 20);
    private static final ByteSize LEAST_HEADER_SIZE = new ByteSize(1L << 10);
    private static final ByteSize MOST_HEADER_SIZE = new ByteSize(1L << 20);

    /** What nginx counts to. */
    private static final int MOST_CONNECTIONS = 65_535;

    public ProxySettings {
        trustedProxies = List.copyOf(trustedProxies);
        connectTimeout.ifPresent(value -> value.positive("connect-timeout"));
        readTimeout.ifPresent(value -> value.positive("read-timeout"));
        sendTimeout.ifPresent(value -> value.positive("send-timeout"));
        streamTimeout.ifPresent(value -> value.positive("stream-timeout"));
        headerTimeout.ifPresent(value -> value.positive("header-timeout"));
        clientTimeout.ifPresent(value -> value.positive("client-timeout"));
        keepAliveTimeout.ifPresent(value -> value.positive("keep-alive-timeout"));
        maxHeaderSize.ifPresent(ProxySettings::requireHeaderSize);
        maxConnectionsPerClient.ifPresent(ProxySettings::requireConnections);
        if (tempSize.isPresent()) {
            Optional<ByteSize> longest = requestBuffering.orElse(true)
                    ? Optional.of(maxBodySize.orElse(new ByteSize(100L << 20)))
                    : Optional.empty();
            requireTempSize(tempSize.get(), longest);
        }
    }

    private static void requireHeaderSize(ByteSize size) {
        if (size.bytes() < LEAST_HEADER_SIZE.bytes() || size.bytes() > MOST_HEADER_SIZE.bytes()) {
            throw new BrockerException.Invalid(
                            "invalid-max-header-size",
                            "\"max-header-size\" is " + size,
                            "write " + LEAST_HEADER_SIZE + " to " + MOST_HEADER_SIZE)
                    .at("max-header-size");
        }
    }

    private static void requireConnections(int number) {
        if (number < 1 || number > MOST_CONNECTIONS) {
            throw new BrockerException.Invalid(
                            "invalid-max-connections-per-client",
                            "\"max-connections-per-client\" is " + number,
                            "write 1 to " + MOST_CONNECTIONS)
                    .at("max-connections-per-client");
        }
    }

    /** @param longest body that has to fit */
    private static void requireTempSize(ByteSize size, Optional<ByteSize> longest) {
        ByteSize least =
                longest.filter(body -> body.bytes() > LEAST_TEMP_SIZE.bytes()).orElse(LEAST_TEMP_SIZE);
        if (size.bytes() < least.bytes()) {
            throw new BrockerException.Invalid(
                            "invalid-temp-size",
                            "\"temp-size\" is " + size
                                    + (least.equals(LEAST_TEMP_SIZE)
                                            ? ""
                                            : ", and a body of \"max-body-size\" " + least + " does not fit"),
                            "write " + least + " or more"
                                    + (least.equals(LEAST_TEMP_SIZE)
                                            ? ""
                                            : ", a lower \"max-body-size\", or \"request-buffering\": false"))
                    .at("temp-size");
        }
    }

    public boolean gzipOrDefault() {
        return gzip.orElse(true);
    }

    public ByteSize maxBodySizeOrDefault() {
        return maxBodySize.orElse(new ByteSize(100L << 20));
    }

    public Timespan connectTimeoutOrDefault() {
        return connectTimeout.orElse(new Timespan(Duration.ofSeconds(2)));
    }

    public Timespan readTimeoutOrDefault() {
        return readTimeout.orElse(new Timespan(Duration.ofSeconds(60)));
    }

    public Timespan sendTimeoutOrDefault() {
        return sendTimeout.orElse(new Timespan(Duration.ofSeconds(60)));
    }

    public Timespan streamTimeoutOrDefault() {
        return streamTimeout.orElse(new Timespan(Duration.ofHours(1)));
    }

    public boolean bufferingOrDefault() {
        return buffering.orElse(false);
    }

    public boolean requestBufferingOrDefault() {
        return requestBuffering.orElse(true);
    }

    /**
     * The room for buffered bodies: without a key at most 256 MiB and an eighth of the memory, but always enough for one body of the
     * permitted length where bodies are buffered.
     *
     * @param memory of all containers of the host together
     */
    public ByteSize tempSizeOrDefault(ByteSize memory) {
        return tempSize.orElseGet(() -> {
            long share = Math.clamp(memory.bytes() / 8, LEAST_TEMP_SIZE.bytes(), USUAL_TEMP_SIZE.bytes());
            long longest = requestBufferingOrDefault() ? maxBodySizeOrDefault().bytes() : 0;
            return new ByteSize(Math.max(share, longest));
        });
    }

    public ClientLimits clientLimits() {
        return new ClientLimits(
                headerTimeout.orElse(ClientLimits.DEFAULT.headerTimeout()),
                maxHeaderSize.orElse(ClientLimits.DEFAULT.maxHeaderSize()),
                clientTimeout.orElse(ClientLimits.DEFAULT.clientTimeout()),
                keepAliveTimeout.orElse(ClientLimits.DEFAULT.keepAliveTimeout()));
    }

    public int maxConnectionsPerClientOrDefault() {
        return maxConnectionsPerClient.orElse(1024);
    }
}
