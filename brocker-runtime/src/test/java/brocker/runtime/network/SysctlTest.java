package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import org.junit.jupiter.api.Test;

/** Settings of a network namespace that the test makes. */
@RequiresSandbox
final class SysctlTest {
    private static final String LIMIT = "core/somaxconn";

    @Test
    void limitIsRaisedAndNeverLowered() throws Exception {
        try (Lan lan = new Lan()) {
            lan.host().call(() -> {
                Sysctl.set(LIMIT, "1234");
                Sysctl.raise(LIMIT, 1000);
                assertThat(Sysctl.number(LIMIT)).hasValue(1234);
                Sysctl.raise(LIMIT, 2345);
                assertThat(Sysctl.number(LIMIT)).hasValue(2345);
                return true;
            });
        }
    }

    @Test
    void limitOfTheFirstNamespaceAloneIsLeftAlone() throws Exception {
        try (Lan lan = new Lan()) {
            lan.host().call(() -> {
                Sysctl.raise("ipv4/neigh/default/gc_thresh3", Integer.MAX_VALUE);
                assertThat(Sysctl.number("ipv4/neigh/default/gc_thresh3")).isEmpty();
                return true;
            });
        }
    }
}
