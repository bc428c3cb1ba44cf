package brocker.daemon.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request as nginx reports it in a datagram: a head by RFC 3164 and the log format {@code numbers} of {@code nginx.conf.template}, such
 * as {@code <190>Nov 26 12:31:25 brocker: 200 2.013 0 502, 200}. Who writes it may be anybody inside the proxy's container. Pure.
 *
 * @param time from its first byte to the last of its answer
 * @param longLived a WebSocket, or a stream of events
 * @param upstreamFailures how many containers were tried in vain
 */
record RequestLine(int status, Duration time, boolean longLived, int upstreamFailures) {
    private static final int LONGEST = 1024;
    private static final Pattern TEXT = Pattern.compile(
            "<\\d{1,3}>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d brocker: ([1-5]\\d\\d) (\\d{1,9})\\.(\\d{3}) ([01]) ([-0-9 ,:]*)");
    private static final Pattern FAILED = Pattern.compile("502|504");

    /** What a datagram says; empty where it is none of ours. */
    static Optional<RequestLine> parse(byte[] datagram, int length) {
        if (length > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = TEXT.matcher(new String(datagram, 0, length, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration time =
                Duration.ofSeconds(Long.parseLong(matcher.group(2))).plusMillis(Integer.parseInt(matcher.group(3)));
        int failures = (int) FAILED.matcher(matcher.group(5)).results().count();
        return Optional.of(new RequestLine(
                Integer.parseInt(matcher.group(1)), time, matcher.group(4).equals("1"), failures));
    }
}
