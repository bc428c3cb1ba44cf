package brocker.daemon.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NginxVersionTest {
    @ParameterizedTest
    @CsvSource({
        "nginx version: nginx/1.22.1, false",
        "nginx version: nginx/1.25.0, false",
        "nginx version: nginx/1.25.1, true",
        "nginx version: nginx/1.27.3 (Ubuntu), true",
        "nginx version: openresty/2.0.0.1, true",
        "something else, false"
    })
    void http2IsADirectiveFrom1251On(String said, boolean directive) {
        assertThat(NginxVersion.parse(said).hasHttp2Directive()).isEqualTo(directive);
    }
}
