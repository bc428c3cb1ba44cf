package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import brocker.spec.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CpuListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "0-3,6|0-3,6", "3,1,2|1-3", "0-1,1-2|0-2", "7-7|7", "0,2,4-5|0,2,4-5"})
    void listIsWrittenInItsShortestForm(String text, String shortest) {
        assertThat(CpuList.parse(text)).hasToString(shortest).isEqualTo(CpuList.parse(shortest));
        assertThat(Json.write(CpuList.parse(text))).isEqualTo("\"" + shortest + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "0,", "-1", "3-1", "0-", "a", "0 - 1", "0-1-2", "12345", "0:1"})
    void whatIsNoListIsRefused(String text) {
        BrockerException.Invalid refusal =
                catchThrowableOfType(BrockerException.Invalid.class, () -> CpuList.parse(text));

        assertThat(refusal.code()).isEqualTo("invalid-cpuset");
        assertThat(refusal.message()).isEqualTo("\"" + text + "\" is not a list of processors");
    }

    @Test
    void differenceIsWhatTheOtherDoesNotHave() {
        assertThat(CpuList.parse("0-3,6").without(CpuList.parse("1-2,9"))).containsExactly(0, 3, 6);
    }
}
