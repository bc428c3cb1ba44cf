package brocker.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.runtime.RequiresSandbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where a question for a name ends. */
@RequiresSandbox
final class NamesPortTest {
    private static final InetSocketAddress ASKED = new InetSocketAddress(Station.ip("10.1.1.1"), 53);

    /** Sends eight bytes to port 53 of bridge 1, and gives how many come back within so many milliseconds. */
    private static int answer(Station station, String from, int timeout) throws Exception {
        try (DatagramChannel socket = station.datagrams(from, 0)) {
            socket.connect(ASKED);
            socket.configureBlocking(false);
            socket.write(ByteBuffer.allocate(8));
            ByteBuffer got = ByteBuffer.allocate(100);
            long deadline = System.nanoTime() + Duration.ofMillis(timeout).toNanos();
            while (socket.read(got) == 0) {
                if (System.nanoTime() > deadline) {
                    throw new SocketTimeoutException("no answer");
                }
                Thread.sleep(5);
            }
            return got.position();
        }
    }

    /** Answers every datagram with so many bytes, until the socket is closed. */
    private static void serve(DatagramChannel socket, int bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    ByteBuffer got = ByteBuffer.allocate(100);
                    socket.send(ByteBuffer.allocate(bytes), socket.receive(got));
                }
            } catch (IOException _) {
                // Closed: the test is over.
            }
        });
    }

    @Test
    void questionsEndAtTheDaemonsPortWhoeverListensOnTheHost() throws Exception {
        try (Lan lan = new Lan()) {
            lan.bridge(1, false, false);
            lan.bridge(2, true, false);
            Station here = lan.station(1, 3);
            Station elsewhere = lan.station(2, 3);
            try (DatagramChannel other = lan.host().datagrams("0.0.0.0", 53);
                    ServerSocketChannel _ = lan.host().listen("0.0.0.0", 53);
                    DatagramChannel ours = lan.host().datagrams("10.1.1.1", HostNetwork.NAMES_PORT);
                    ServerSocketChannel connections = lan.host().listen("10.1.1.1", HostNetwork.NAMES_PORT)) {
                serve(other, 1);
                serve(ours, 2);
                assertThat(answer(here, "10.1.1.3", 4000)).isEqualTo(2);
                try (SocketChannel asking = here.connect("10.1.1.3", "10.1.1.1", 53);
                        SocketChannel asked = connections.accept()) {
                    assertThat(((InetSocketAddress) asked.getRemoteAddress()).getAddress())
                            .isEqualTo(Station.ip("10.1.1.3"));
                    assertThat(asking.isConnected()).isTrue();
                }
                assertThatThrownBy(() -> answer(elsewhere, "10.1.2.3", 300))
                        .as("at another bridge's address")
                        .isInstanceOf(SocketTimeoutException.class);
                assertThat(elsewhere.isKeptFrom("10.1.2.3", "10.1.1.1", 53)).isTrue();
                lan.without("inet brocker");
                assertThat(answer(here, "10.1.1.3", 4000))
                        .as("without our rules")
                        .isEqualTo(1);
            }
        }
    }
}
