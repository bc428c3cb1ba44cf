package brocker.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizeTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1 KiB",
        "1536,1.5 KiB",
        "102400,100 KiB",
        "102450,100 KiB",
        "1048064,1.0 MiB",
        "1048575,1.0 MiB",
        "1048576,1 MiB",
        "24641536,23.5 MiB",
        "8160018432,7.6 GiB",
        "9223372036854775807,8 EiB"
    })
    void sizeIsWrittenInTheUnitThatFits(long bytes, String text) {
        assertThat(Size.of(bytes)).isEqualTo(text);
    }
}
