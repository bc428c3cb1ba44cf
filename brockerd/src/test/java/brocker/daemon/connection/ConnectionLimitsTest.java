package brocker.daemon.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionLimitsTest {
    @ParameterizedTest
    @CsvSource({"100,16,32", "256,16,32", "1024,64,128", "20000,64,512", "2147483647,64,512"})
    void mostDescriptorsAreLeftToContainers(int descriptors, int strangers, int known) {
        ConnectionLimits limits = ConnectionLimits.of(descriptors);
        assertThat(limits.strangers()).isEqualTo(strangers);
        assertThat(limits.known()).isEqualTo(known);
    }

    @Test
    void limitOfThisProcessIsRead() {
        assertThat(ConnectionLimits.ofThisProcess().known()).isGreaterThanOrEqualTo(32);
    }
}
