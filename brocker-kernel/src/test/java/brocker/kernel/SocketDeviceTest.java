package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both sides are one host: what it sends to itself comes in through {@code lo}, whatever address it is for. */
@Tag("kernel")
final class SocketDeviceTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(LOOPBACK, 0);
    }

    /** Runs a test in a network namespace with a device beside {@code lo}. */
    private static void withDevice(Callable<Boolean> test) {
        InNamespaces.call("test", () -> {
            Linux.unshare(Linux.CLONE_NEWNET);
            run("ip", "link", "set", "lo", "up");
            run("ip", "link", "add", "other", "type", "bridge");
            run("ip", "link", "set", "other", "up");
            return test.call();
        });
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static boolean isHeard(DatagramSocket socket) throws Exception {
        try (DatagramSocket sender = new DatagramSocket(anyPort())) {
            sender.send(new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress()));
        }
        socket.setSoTimeout(300);
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    private static boolean isReached(ServerSocket socket) {
        try (Socket client = new Socket()) {
            client.connect(socket.getLocalSocketAddress(), 300);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void socketsReceiveWhatComesInThroughTheirDeviceAlone() {
        withDevice(() -> {
            try (DatagramSocket datagrams = new DatagramSocket(anyPort());
                    ServerSocket connections = new ServerSocket(datagrams.getLocalPort(), 5, LOOPBACK);
                    DatagramSocket unrelated = new DatagramSocket(anyPort())) {
                InetSocketAddress bound = new InetSocketAddress(LOOPBACK, datagrams.getLocalPort());
                assertThat(SocketDevice.restrict(bound, "lo")).isEqualTo(2);
                assertThat(isHeard(datagrams)).isTrue();
                assertThat(isReached(connections)).isTrue();
                assertThat(SocketDevice.restrict(bound, "other")).isGreaterThanOrEqualTo(2);
                assertThat(isHeard(datagrams)).isFalse();
                assertThat(isReached(connections)).isFalse();
                assertThat(isHeard(unrelated)).isTrue();
            }
            return true;
        });
    }

    @Test
    void missingDeviceIsNamed() {
        withDevice(() -> {
            try (DatagramSocket socket = new DatagramSocket(anyPort())) {
                InetSocketAddress bound = new InetSocketAddress(LOOPBACK, socket.getLocalPort());
                assertThatThrownBy(() -> SocketDevice.restrict(bound, "missing"))
                        .isInstanceOf(KernelException.class)
                        .hasMessageContaining("setsockopt(\"missing\"): ENODEV");
                assertThat(isHeard(socket)).isTrue();
            }
            return true;
        });
    }

    @Test
    void addressThatNobodyIsBoundToHasNoSockets() {
        assertThat(SocketDevice.restrict(new InetSocketAddress(LOOPBACK, 1), "lo"))
                .isZero();
    }
}
