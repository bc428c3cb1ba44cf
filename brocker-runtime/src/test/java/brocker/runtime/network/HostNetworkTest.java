package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.kernel.netlink.Link;
import brocker.runtime.RequiresSandbox;
import org.junit.jupiter.api.Test;

/** Bridges, as a daemon finds them that comes after one that was killed. */
@RequiresSandbox
final class HostNetworkTest {
    @Test
    void bridgeThatWasBegunIsFinishedAndAWholeOneStaysAsItIs() throws Exception {
        try (Lan lan = new Lan()) {
            lan.host().run("ip", "link", "add", "brocker1", "type", "bridge");
            for (int daemon = 0; daemon < 2; daemon++) {
                ensure(lan);
                assertThat(lan.network().links())
                        .filteredOn(link -> link.name().equals("brocker1"))
                        .extracting(Link::up)
                        .containsExactly(true);
                assertThat(lan.network().taken())
                        .as("the bridge's address")
                        .contains(Lan.plan(1, false, false).address());
            }
        }
    }

    @Test
    void bridgeThatIsNotThereIsMade() throws Exception {
        try (Lan lan = new Lan()) {
            ensure(lan);
            assertThat(lan.network().has("brocker1")).isTrue();
        }
    }

    private static void ensure(Lan lan) {
        lan.host().call(() -> {
            lan.network().ensureBridge(Lan.plan(1, false, false));
            return true;
        });
    }
}
