package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestLineTest {
    private static Optional<RequestLine> parse(String text) {
        byte[] datagram = (text + "and what the buffer had before").getBytes(StandardCharsets.ISO_8859_1);
        return RequestLine.parse(datagram, text.length());
    }

    @Test
    void nginxReportsStatusTimeAndUpstreams() {
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 200 2.013 0 200"))
                .contains(new RequestLine(200, Duration.ofMillis(2013), false, 0));
        assertThat(parse("<190>Nov  6 12:31:25 brocker: 101 3600.000 1 101"))
                .contains(new RequestLine(101, Duration.ofHours(1), true, 0));
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 200 0.000 0 502, 504, 200"))
                .contains(new RequestLine(200, Duration.ZERO, false, 2));
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 503 0.000 0 -"))
                .contains(new RequestLine(503, Duration.ZERO, false, 0));
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 404 0.001 0 200 : 404")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "200 2.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 200 2.013 0 200\n",
                "<190>Nov 26 12:31:25 other: 200 2.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 600 2.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 099 2.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 200 2.01 0 200",
                "<190>Nov 26 12:31:25 brocker: 200 9999999999.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 200 -2.013 0 200",
                "<190>Nov 26 12:31:25 brocker: 200 2.013 2 200",
                "<190>Nov 26 12:31:25 brocker: 200 2.013 0 x",
                "\0\0\0"
            })
    void whatIsNoReportIsNone(String text) {
        assertThat(parse(text)).isEmpty();
    }

    @Test
    void whatIsTooLongIsNone() {
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 200 0.001 0 " + "502, ".repeat(30)))
                .isPresent();
        assertThat(parse("<190>Nov 26 12:31:25 brocker: 200 0.001 0 " + "502, ".repeat(300)))
                .isEmpty();
    }
}
