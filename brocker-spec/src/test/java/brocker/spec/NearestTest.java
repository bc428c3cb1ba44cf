package brocker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
    private static final List<String> KEYS = List.of("name", "publish", "port", "load-balance", "bridge-ip");

    @ParameterizedTest
    @CsvSource({
        "kitten, sitting, 3",
        "a, a, 0",
        "'', abc, 3",
        "abc, '', 3",
        "ab, ba, 2",
        "publish, pubish, 1",
        "a, b, 1"
    })
    void distanceIsTheNumberOfEdits(String one, String other, int distance) {
        assertThat(Nearest.distance(one, other)).isEqualTo(distance);
    }

    @Test
    void closestWordIsFound() {
        assertThat(Nearest.to("pubish", KEYS)).contains("publish");
        assertThat(Nearest.to("bridgeip", KEYS)).contains("bridge-ip");
        assertThat(Nearest.to("loadbalancer", KEYS)).contains("load-balance");
        assertThat(Nearest.to("ports", KEYS)).contains("port");
    }

    @Test
    void farWordIsNotMeant() {
        assertThat(Nearest.to("restart", KEYS)).isEmpty();
        assertThat(Nearest.to("name", List.of())).isEmpty();
    }

    @Test
    void firstInTheAlphabetWinsAmongEquals() {
        assertThat(Nearest.to("cat", List.of("rat", "bat", "hat"))).contains("bat");
    }
}
