package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ListeningSocketTest {
    private static InetSocketAddress loopback(int port) throws Exception {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private static void connect(InetSocketAddress address) throws Exception {
        try (Socket client = new Socket()) {
            client.connect(address, 5000);
        }
    }

    /** A socket that the test closes before the end of its block. */
    private record Closing(Fd socket) implements AutoCloseable {
        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void kernelChoosesAPortAndConnectionsWaitInTheBacklog() throws Exception {
        try (Fd socket = ListeningSocket.open(loopback(0), 16)) {
            InetSocketAddress address = ListeningSocket.addressOf(socket);
            assertThat(address.getAddress()).isEqualTo(loopback(0).getAddress());
            assertThat(address.getPort()).isPositive();
            connect(address);
        }
    }

    @Test
    void ipv6AddressIsBoundAsItIsWritten() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::"), 0);
        try (Fd socket = ListeningSocket.open(any, 16)) {
            int port = ListeningSocket.addressOf(socket).getPort();
            ListeningSocket.open(loopback(port), 16).close();
        }
    }

    @Test
    void takenPortIsNamed() throws Exception {
        try (Fd socket = ListeningSocket.open(loopback(0), 16)) {
            InetSocketAddress address = ListeningSocket.addressOf(socket);
            assertThatThrownBy(() -> ListeningSocket.open(address, 16))
                    .isInstanceOf(KernelException.class)
                    .hasMessage("bind(\"127.0.0.1:" + address.getPort() + "\"): EADDRINUSE (address already in use)");
        }
    }

    @Test
    @Tag("kernel")
    void listeningSocketIsTakenBackFromAProcessInOtherNamespaces() throws Exception {
        byte[] sleep = Files.readAllBytes(Path.of("/bin/sleep"));
        try (Fd program = Memfd.sealed("sleep", sleep);
                ExitWatcher watcher = ExitWatcher.open("exits");
                Closing open = new Closing(ListeningSocket.open(loopback(0), 16))) {
            InetSocketAddress address = ListeningSocket.addressOf(open.socket());
            int pid = InNamespaces.call("launcher", () -> {
                Linux.unshare(Linux.CLONE_NEWPID | Linux.CLONE_NEWNET | Linux.CLONE_NEWNS);
                return Spawn.of(program, 3, List.of("sleep", "60"), List.of())
                        .with(10, open.socket())
                        .start();
            });
            open.socket().close();
            try (Fd pidfd = Linux.pidfd_open(pid);
                    Fd back = Linux.pidfd_getfd(pidfd, 10)) {
                assertThat(ListeningSocket.addressOf(back)).isEqualTo(address);
                connect(address);
                Linux.pidfd_send_signal(pidfd, Linux.SIGKILL);
                assertThat(watcher.watch(pidfd).get(20, TimeUnit.SECONDS)).isEqualTo(new Exit.Signal(Linux.SIGKILL));
            }
        }
    }
}
