package brocker.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a service's nginx treats requests: {@code {"gzip": true, "max-body-size": "100m", "connect-timeout": "2s", "read-timeout": "60s",
 * "send-timeout": "60s", "stream-timeout": "1h", "buffering": false, "request-buffering": true, "trusted-proxies": []}}, which is also the
 * default.
 *
 * @param gzip whether answers of text types are compressed for those who accept that
 * @param maxBodySize a request with a longer body gets 413
 * @param readTimeout how long an application may say nothing before the request fails with 504
 * @param sendTimeout how long it may accept nothing
 * @param streamTimeout both, of WebSockets and of requests that accept {@code text/event-stream}
 * @param buffering whether nginx takes an answer off the application at once and holds back what does not fill a buffer; the application
 *     decides for one answer with the header {@code X-Accel-Buffering}
 * @param requestBuffering whether the application gets a request when its body has arrived as a whole
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
            List.of());

    public ProxySettings {
        trustedProxies = List.copyOf(trustedProxies);
        connectTimeout.ifPresent(value -> value.positive("connect-timeout"));
        readTimeout.ifPresent(value -> value.positive("read-timeout"));
        sendTimeout.ifPresent(value -> value.positive("send-timeout"));
        streamTimeout.ifPresent(value -> value.positive("stream-timeout"));
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
}
