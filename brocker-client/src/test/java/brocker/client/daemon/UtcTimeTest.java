package brocker.client.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.BrockerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T19:25:26Z",
                "2026-11-23T19:25:26.1Z",
                "2026-11-23T19:25:26.123456789Z",
                "1969-12-31T23:59:59.000000001Z",
                "2024-02-29T00:00:00Z",
                "2026-11-23T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2026-11-23T19:25:26+01:00",
                "+12026-11-23T19:25:26Z",
                "0000-01-01T00:00:00Z",
                "2026-11-23T19:25:26.Z"
            })
    void timeIsWhatInstantSaysItIs(String text) {
        assertThat(UtcTime.parse(text)).isEqualTo(Instant.parse(text));
    }

    @Test
    void everyInstantIsReadAsItIsWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-30_000_000_000L, 200_000_000_000L), random.nextInt(1_000_000_000) / (1 << i % 30));
            assertThat(UtcTime.parse(instant.toString())).as("seed " + seed).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-23",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-11-23T25:00:00Z",
                "2026-11-23T19:60:00Z",
                "2026-11-23T19:25:26",
                "2026-11-23T19:25:26,5Z",
                "2026-11-23T19:25:26.1234567890Z",
                "2026-11-23T19:25:26.1xZ",
                "2026-11-23 19:25:26Z",
                "٢٠٢٦-11-23T19:25:26Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> UtcTime.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void answerWithoutATimeWhereOneShouldBeIsNotUnderstood() {
        Answer answer = Answer.object("{\"started\":\"soon\"}");
        assertThatThrownBy(() -> answer.instant("started"))
                .isInstanceOf(BrockerException.Host.class)
                .hasMessageContaining("\"started\" is not a time");
        assertThat(answer.instant("ended")).isEmpty();
    }
}
