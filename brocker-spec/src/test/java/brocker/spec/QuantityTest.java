package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, durations, shares of processors, signals. */
final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1023, 1023, 1023",
        "1024, 1024, 1k",
        "64k, 65536, 64k",
        "64K, 65536, 64k",
        "512m, 536870912, 512m",
        "2g, 2147483648, 2g",
        "2048m, 2147483648, 2g",
        "3T, 3298534883328, 3t",
        "8388607t, 9223370937343148032, 8388607t"
    })
    void sizeIsANumberOfBytes(String text, long bytes, String written) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(ByteSize.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0k",
                "-1",
                "1.5g",
                "1 k",
                " 1",
                "k",
                "1kb",
                "1kk",
                "8388608t",
                "9999999999999999999",
                "٣k"
            })
    void whatIsNoSizeIsRefused(String text) {
        BrockerException.Invalid refusal = Refusal.of(() -> ByteSize.parse(text));

        assertThat(refusal.code()).isEqualTo("invalid-size");
        assertThat(refusal.hint()).contains("write a size as \"64k\", \"512m\" or \"2g\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0s, 0, 0s",
        "500ms, 500, 500ms",
        "1500ms, 1500, 1500ms",
        "1000ms, 1000, 1s",
        "10s, 10000, 10s",
        "60s, 60000, 1m",
        "90s, 90000, 90s",
        "2m, 120000, 2m",
        "60m, 3600000, 1h",
        "8760h, 31536000000, 8760h"
    })
    void timespanIsADuration(String text, long millis, String written) {
        assertThat(Timespan.parse(text).duration()).isEqualTo(Duration.ofMillis(millis));
        assertThat(Timespan.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "-1s", "1.5s", "1 s", "1d", "1S", "8761h", "999999999999h", "9999999999999ms"})
    void whatIsNoTimespanIsRefused(String text) {
        assertThat(Refusal.of(() -> Timespan.parse(text)).code()).isEqualTo("invalid-duration");
    }

    @Test
    void zeroIsRefusedWhereItMakesNoSense() {
        BrockerException.Invalid refusal =
                Refusal.of(() -> Timespan.parse("0ms").positive("interval"));

        assertThat(refusal.message()).isEqualTo("\"interval\" must be longer than zero");
        assertThat(refusal.key()).isEqualTo("interval");
        assertThat(Timespan.parse("1ms").positive("interval")).isEqualTo(Timespan.parse("1ms"));
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        Random random = Seeded.random("whatIsWrittenIsReadAsTheSame");
        for (int i = 0; i < 2_000; i++) {
            ByteSize size = new ByteSize(1 + (random.nextLong() >>> (5 + random.nextInt(58))));
            assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
            Timespan span = new Timespan(Duration.ofMillis(
                    random.nextLong(Duration.ofDays(365).toMillis()) / (1 + random.nextInt(10_000_000))));
            assertThat(Timespan.parse(span.toString())).isEqualTo(span);
        }
    }

    @Test
    void sharesOfProcessorsBecomeMicrosecondsOfAPeriod() {
        assertThat(new Cpus(new BigDecimal("0.01")).quota(100_000)).isEqualTo(1_000);
        assertThat(new Cpus(new BigDecimal("1.5")).quota(100_000)).isEqualTo(150_000);
        assertThat(new Cpus(new BigDecimal("1024")).quota(100_000)).isEqualTo(102_400_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0099", "-1", "1024.01", "1e999999999", "1e-999999999"})
    @Timeout(5)
    void whatIsNoShareOfProcessorsIsRefused(String number) {
        BrockerException.Invalid refusal = Refusal.of(() -> new Cpus(new BigDecimal(number)));

        assertThat(refusal.code()).isEqualTo("invalid-cpus");
        assertThat(refusal.message()).endsWith(" is not a number of processors").hasSizeLessThan(100);
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void signalIsReadByNameShortNameAndNumberInAnyCase(Signal signal) {
        assertThat(Signal.parse(signal.name())).isEqualTo(signal);
        assertThat(Signal.parse(signal.name().substring(3).toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo(signal);
        assertThat(Signal.parse(String.valueOf(signal.number()))).isEqualTo(signal);
    }

    @Test
    void signalsHaveTheNumbersOfTheKernel() {
        assertThat(Signal.SIGTERM.number()).isEqualTo(15);
        assertThat(Signal.SIGQUIT.number()).isEqualTo(3);
        assertThat(Signal.SIGWINCH.number()).isEqualTo(28);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "0", "64", "SIGSIGTERM", "TERM ", "015"})
    void whatIsNoSignalIsRefused(String text) {
        assertThat(Refusal.of(() -> Signal.parse(text)).message())
                .isEqualTo("\"" + text + "\" is not a signal that a container can be sent");
    }
}
