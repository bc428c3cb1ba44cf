package brocker.daemon.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

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
    private static final byte[] TAG = " brocker: ".getBytes(StandardCharsets.ISO_8859_1);

    /** From the end of the priority to the tag: {@code Nov 26 12:31:25}. */
    private static final int TIMESTAMP = 15;

    /** What a datagram says; empty where it is none of ours. By bytes, as there is one for every request. */
    static Optional<RequestLine> parse(byte[] datagram, int length) {
        return length > LONGEST ? Optional.empty() : new Reader(datagram, length).line();
    }

    /** Reads from left to right; once something is not as it should be, all the rest is not either. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;
        private boolean wrong;

        private Reader(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        private Optional<RequestLine> line() {
            expect('<');
            number(1, 3);
            expect('>');
            at += TIMESTAMP;
            for (byte expected : TAG) {
                expect((char) expected);
            }
            int status = number(3, 3);
            expect(' ');
            long seconds = number(1, 9);
            expect('.');
            int millis = number(3, 3);
            expect(' ');
            int longLived = number(1, 1);
            expect(' ');
            int failures = failures();
            if (wrong || status < 100 || status > 599 || longLived > 1) {
                return Optional.empty();
            }
            return Optional.of(
                    new RequestLine(status, Duration.ofSeconds(seconds).plusMillis(millis), longLived == 1, failures));
        }

        /** Statuses between commas and colons, or a dash where no container was asked. */
        private int failures() {
            int failures = 0;
            while (at < end && !wrong) {
                if (isDigit(bytes[at])) {
                    int status = number(1, 3);
                    failures += status == 502 || status == 504 ? 1 : 0;
                } else {
                    wrong = " ,:-".indexOf(bytes[at]) < 0;
                    at++;
                }
            }
            return failures;
        }

        private void expect(char expected) {
            wrong = wrong || at >= end || bytes[at] != expected;
            at++;
        }

        private int number(int fewest, int most) {
            int begin = at;
            int number = 0;
            while (at < end && at - begin < most && isDigit(bytes[at])) {
                number = number * 10 + bytes[at] - '0';
                at++;
            }
            wrong = wrong || at - begin < fewest;
            return number;
        }

        private static boolean isDigit(byte one) {
            return one >= '0' && one <= '9';
        }
    }
}
