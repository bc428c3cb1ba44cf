package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.spec.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProxySettingsTest {
    private static ProxySettings settings(String json) {
        return Json.read("test", json, ProxySettings.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            `{}`                                                       , 8g,   256m
            `{}`                                                       , 1g,   128m
            `{}`                                                       , 256m, 100m
            `{"max-body-size": "1g"}`                                  , 8g,   1g
            `{"max-body-size": "1g", "request-buffering": false}`      , 8g,   256m
            `{"max-body-size": "1m"}`                                  , 4m,   1m
            `{"temp-size": "2g"}`                                      , 1g,   2g
            `{"temp-size": "1m", "request-buffering": false}`          , 8g,   1m
            `{"temp-size": "100m"}`                                    , 8g,   100m
            """)
    void roomForTemporaryFilesFitsTheHostAndOneBody(String json, ByteSize memory, ByteSize size) {
        assertThat(settings(json).tempSizeOrDefault(memory)).isEqualTo(size);
    }

    @Test
    void mostGenerousLimitsOfSeveralAreTakenOneByOne() {
        ClientLimits one = settings("{\"header-timeout\": \"1m\", \"max-header-size\": \"4k\"}")
                .clientLimits();
        ClientLimits other = settings("{\"client-timeout\": \"1s\", \"keep-alive-timeout\": \"2m\"}")
                .clientLimits();
        ClientLimits both = settings("{\"header-timeout\": \"1m\", \"keep-alive-timeout\": \"2m\"}")
                .clientLimits();

        assertThat(one.or(other)).isEqualTo(both);
        assertThat(other.or(one)).isEqualTo(both);
    }
}
