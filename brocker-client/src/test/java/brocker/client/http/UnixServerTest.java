package brocker.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixServerTest {
    @TempDir
    Path folder;

    /** A server of one connection: reads until a request ends as said, then answers. */
    private CompletableFuture<String> serve(Path socket, String requestEnd, byte[] answer) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        CompletableFuture<String> request = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (listener;
                    SocketChannel channel = listener.accept()) {
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
                StringBuilder read = new StringBuilder();
                while (read.indexOf(requestEnd, read.length() - requestEnd.length()) < 0) {
                    read.append((char) in.read());
                }
                channel.write(ByteBuffer.wrap(answer));
                request.complete(read.toString());
            } catch (IOException e) {
                request.completeExceptionally(e);
                throw new UncheckedIOException(e);
            }
        });
        return request;
    }

    private Response send(Path socket, Content content) throws IOException {
        return new Request("PUT", "/a", "", "text/plain", content).sendTo(new UnixServer(socket.toString()));
    }

    @Test
    void requestAndAnswerOfAnySizeGoOverASocketWithoutAToken() throws IOException {
        Path socket = folder.resolve("a socket");
        byte[] body = new byte[1 << 20];
        Arrays.fill(body, (byte) 'x');
        byte[] head = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, answer, head.length, body.length);
        CompletableFuture<String> request = serve(socket, "x!", answer);
        Content content = Content.sized("x/y", body.length + 1, out -> {
            out.write(body);
            out.write('!');
        });
        try (Response response = send(socket, content)) {
            assertThat(response.body().readAllBytes()).isEqualTo(body);
        }
        assertThat(request.join())
                .startsWith("PUT /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/plain\r\n")
                .doesNotContain("Authorization")
                .hasSizeGreaterThan(body.length);
    }

    @Test
    void closedConnectionsGiveTheirDescriptorsBack() throws IOException {
        Path socket = folder.resolve("s");
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            byte[] answer = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            CompletableFuture<String> request = serve(socket, "\r\n\r\n", answer);
            send(socket, Content.none()).close();
            assertThat(request.join()).startsWith("PUT /a ");
            Files.delete(socket);
        }
        assertThat(descriptors()).isLessThan(before + 40);
    }

    @Test
    void socketThatNobodyListensAtIsSaidToBeOne() throws IOException {
        assertThatThrownBy(() -> send(folder.resolve("none"), Content.none())).isInstanceOf(ConnectException.class);
        Path left = folder.resolve("left");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(left));
        }
        assertThatThrownBy(() -> send(left, Content.none())).isInstanceOf(ConnectException.class);
    }

    @Test
    void nothingListensAtAPathThatNoSocketCanHave() {
        assertThatThrownBy(() -> send(folder.resolve("x".repeat(200)), Content.none()))
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("nothing listens at ");
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
