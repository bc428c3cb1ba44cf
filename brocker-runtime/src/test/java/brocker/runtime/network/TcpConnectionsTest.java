package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TcpConnectionsTest {
    private static final TcpConnections OWN =
            new TcpConnections(Math.toIntExact(ProcessHandle.current().pid()));

    @Test
    void eachAcceptedConnectionIsOneUntilItIsClosed() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        // A socket of both families would be in the table of the other one.
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress(loopback, 0));
            int port = listener.socket().getLocalPort();
            Set<Integer> ports = Set.of(port);
            assertThat(OWN.acceptedOn(ports)).as("one that listens is none").isEmpty();
            try (Socket _ = new Socket(loopback, port)) {
                assertThat(OWN.acceptedOn(ports)).as("not accepted yet").isEmpty();
                try (SocketChannel accepted = listener.accept()) {
                    assertThat(accepted.isConnected()).isTrue();
                    assertThat(OWN.acceptedOn(ports)).hasSize(1);
                    assertThat(OWN.acceptedOn(Set.of(1))).isEmpty();
                    assertThat(OWN.acceptedOn(Set.of())).isEmpty();
                }
                assertThat(OWN.acceptedOn(ports)).isEmpty();
            }
        }
    }

    @Test
    void aProcessThatIsGoneHasNone() {
        assertThat(new TcpConnections(Integer.MAX_VALUE).acceptedOn(Set.of(80))).isEmpty();
    }
}
