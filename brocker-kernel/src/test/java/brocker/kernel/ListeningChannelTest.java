package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListeningChannelTest {
    @TempDir
    private Path directory;

    /** What connected before there was a channel, and after one was closed, is accepted by the next one. */
    private void acceptsInTurn(Fd socket, SocketAddress address) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (SocketChannel client = SocketChannel.open(address);
                    ServerSocketChannel channel = ListeningChannel.over(socket, directory.resolve("scratch"));
                    SocketChannel accepted = channel.accept()) {
                client.write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer read = ByteBuffer.allocate(1);
                accepted.read(read);
                assertThat(read.array()).containsExactly(7);
            }
        }
        assertThat(directory.resolve("scratch")).doesNotExist();
    }

    @Test
    void tcpSocketIsAcceptedFrom() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Fd socket = ListeningSocket.open(any, 16)) {
            acceptsInTurn(socket, ListeningSocket.nameOf(socket));
        }
    }

    @Test
    void ipv6SocketIsAcceptedFrom() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        try (Fd socket = ListeningSocket.open(any, 16)) {
            acceptsInTurn(socket, ListeningSocket.nameOf(socket));
        }
    }

    @Test
    void unixSocketIsAcceptedFromAlsoUnderAnotherName() throws Exception {
        Path path = directory.resolve("socket");
        try (Fd socket = ListeningSocket.open(path, 16)) {
            assertThat(ListeningSocket.nameOf(socket)).isEqualTo(UnixDomainSocketAddress.of(path));
            java.nio.file.Files.move(path, directory.resolve("renamed"));
            acceptsInTurn(socket, UnixDomainSocketAddress.of(directory.resolve("renamed")));
        }
    }

    @Test
    void acceptEndsWhenItsChannelIsClosed() throws Exception {
        Path path = directory.resolve("socket");
        try (Fd socket = ListeningSocket.open(path, 16)) {
            ServerSocketChannel channel = ListeningChannel.over(socket, directory.resolve("scratch"));
            Thread closing = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(100);
                    channel.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(channel::accept).isInstanceOf(java.nio.channels.ClosedChannelException.class);
            closing.join();
        }
    }

    @Test
    void whatIsNotAListeningStreamSocketIsNotInherited() {
        try (Pipe pipe = Linux.pipe2()) {
            assertThatThrownBy(() -> ListeningSocket.inherited(pipe.read().number()))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("ENOTSOCK");
        }
        assertThatThrownBy(() -> ListeningSocket.inherited(60_000))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("EBADF");
    }
}
