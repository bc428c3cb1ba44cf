package brocker.daemon.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class SharesTest {
    private final Shares shares = new Shares(12);

    private static InetAddress container(int last) {
        return InetAddress.ofLiteral("10.1.1." + last);
    }

    /** Takes what a container gets, and gives how much that is. */
    private int takeAll(int last) {
        int taken = 0;
        while (shares.take(container(last))) {
            taken++;
        }
        return taken;
    }

    @Test
    void containerAloneGetsHalfAndEachFurtherOneHalfOfTheRest() {
        assertThat(takeAll(3)).isEqualTo(6);
        assertThat(takeAll(4)).isEqualTo(3);
        assertThat(takeAll(5)).isEqualTo(2);
        assertThat(takeAll(6)).isEqualTo(1);
        assertThat(shares.take(container(7))).as("nothing is left").isFalse();
    }

    @Test
    void containersThatGrowTogetherGetTheSame() {
        int rounds = 0;
        while (shares.take(container(3)) && shares.take(container(4))) {
            rounds++;
        }
        assertThat(rounds).isEqualTo(4);
        assertThat(shares.take(container(5))).isTrue();
    }

    @Test
    void placesThatAreGivenBackAreFreeForEverybody() {
        int taken = takeAll(3);
        for (int i = 0; i < taken; i++) {
            shares.release(container(3));
        }
        assertThat(takeAll(4)).isEqualTo(6);
    }

    @Test
    void placeThatWasNotTakenCannotBeGivenBack() {
        shares.take(container(3));
        assertThatThrownBy(() -> shares.release(container(4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("10.1.1.4");
    }
}
