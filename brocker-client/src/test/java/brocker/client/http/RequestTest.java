package brocker.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RequestTest {
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

    private static Request put(Content content) {
        return new Request("PUT", "/a?b=c", "Bearer t", "text/plain", content);
    }

    /** What the server has read when a request has been answered. */
    private static String sent(Content content, String end) throws IOException {
        try (ScriptedServer server = new ScriptedServer(end, NO_CONTENT, false);
                Response response = put(content).sendTo(server.server())) {
            assertThat(response.status()).isEqualTo(204);
            return server.request().replace(":" + server.server().port() + "\r", ":PORT\r");
        }
    }

    @Test
    void headSaysWhatTheServerMustKnow() throws IOException {
        assertThat(sent(Content.none(), "\r\n\r\n")).isEqualTo("""
                PUT /a?b=c HTTP/1.1\r
                Host: 127.0.0.1:PORT\r
                Connection: close\r
                Authorization: Bearer t\r
                Accept: text/plain\r
                \r
                """);
        assertThat(sent(Content.of("text/x", new byte[0]), "\r\n\r\n"))
                .endsWith("Content-Type: text/x\r\nContent-Length: 0\r\n\r\n");
        assertThat(sent(Content.of("text/x", "hi".getBytes(StandardCharsets.UTF_8)), "\r\n\r\nhi"))
                .endsWith("Content-Type: text/x\r\nContent-Length: 2\r\n\r\nhi");
    }

    @Test
    void sizedBodyIsSentWhole() throws IOException {
        byte[] piece = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Content content = Content.sized("x/y", 30_001, out -> {
            out.write(piece);
            out.write(piece);
            out.write(piece);
            out.write('!');
        });
        assertThat(sent(content, "!")).endsWith("Content-Length: 30001\r\n\r\n" + "0123456789".repeat(3000) + "!");
    }

    @Test
    void bodyOfAnotherLengthThanSaidIsADefectOfItsWriter() throws IOException {
        try (ScriptedServer server = new ScriptedServer(NO_CONTENT)) {
            Content shorter = Content.sized("x/y", 3, out -> out.write(1));
            assertThatThrownBy(() -> put(shorter).sendTo(server.server())).isInstanceOf(IllegalStateException.class);
        }
        try (ScriptedServer server = new ScriptedServer(NO_CONTENT)) {
            Content longer = Content.sized("x/y", 3, out -> out.write(new byte[4]));
            assertThatThrownBy(() -> put(longer).sendTo(server.server())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void streamedBodyGoesInChunksAndNoEmptyOneEndsIt() throws IOException {
        String large = "x".repeat(40_000);
        Content content = Content.streamed("x/y", out -> {
            out.write("hello".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[0]);
            out.flush();
            out.write(large.getBytes(StandardCharsets.US_ASCII));
        });
        assertThat(sent(content, "0\r\n\r\n"))
                .endsWith("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n9c40\r\n" + large + "\r\n0\r\n\r\n");
    }

    @Test
    void flushedPieceArrivesBeforeTheNextOneIsThere() throws IOException {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = listener.accept()) {
                    InputStream in = socket.getInputStream();
                    StringBuilder read = new StringBuilder();
                    while (read.indexOf("ping") < 0) {
                        read.append((char) in.read());
                    }
                    seen.complete(read.toString());
                    while (read.indexOf("0\r\n\r\n") < 0) {
                        read.append((char) in.read());
                    }
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            Content content = Content.streamed("x/y", out -> {
                out.write("ping".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(seen.join()).contains("\r\n\r\n4\r\nping");
            });
            TcpServer server = new TcpServer(false, "127.0.0.1", listener.getLocalPort());
            try (Response response = put(content).sendTo(server)) {
                assertThat(response.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void serverThatRefusesAnUploadHalfwayIsHeard() throws IOException {
        String refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nno: t";
        try (ScriptedServer server = new ScriptedServer(refusal);
                Response response = put(endless()).sendTo(server.server())) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.text()).isEqualTo("no: t");
        }
    }

    @Test
    void serverThatLeavesAnUploadHalfwayIsAFailureWhateverItSaid() throws IOException {
        for (String answer : new String[] {"", "HTTP/1.1 200 OK\r\n\r\n"}) {
            try (ScriptedServer server = new ScriptedServer(answer)) {
                assertThatThrownBy(() -> put(endless()).sendTo(server.server()))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(MalformedAnswer.class);
            }
        }
    }

    @Test
    void failureOfTheBodysSourceIsNotTakenForTheServers() throws IOException {
        IOException failure = new IOException("the disk is gone");
        try (ScriptedServer server = new ScriptedServer(NO_CONTENT)) {
            Content content = Content.streamed("x/y", _ -> {
                throw failure;
            });
            assertThatThrownBy(() -> put(content).sendTo(server.server())).isSameAs(failure);
        }
    }

    @Test
    void noLineOfTheHeadCanBeForged() {
        assertThatThrownBy(() -> new Request("GET", "/a\r\nB: c", "", "", Content.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Request("GET", "/ä", "", "", Content.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Request("GET", "/a b", "", "", Content.none()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusedConnectionIsSaidToBeOne() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> put(Content.none()).sendTo(new TcpServer(false, "127.0.0.1", free)))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void everyAddressOfAHostIsTried() throws IOException {
        InetAddress nobody = InetAddress.ofLiteral("127.0.0.2");
        InetAddress somebody = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket listener = new ServerSocket(0, 1, somebody)) {
            TcpServer server = new TcpServer(false, "shop.example", listener.getLocalPort());
            try (Socket socket = server.connect(new InetAddress[] {nobody, somebody})) {
                assertThat(socket.getInetAddress()).isEqualTo(somebody);
            }
            assertThatThrownBy(() -> server.connect(new InetAddress[] {nobody, nobody}))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void addressOfVersion6InBracketsIsNoUnknownHost() {
        assertThatThrownBy(() -> put(Content.none()).sendTo(new TcpServer(false, "[::1]", 1)))
                .isInstanceOf(SocketException.class);
    }

    @Test
    void tokenNeverTravelsUnencryptedWhereTlsIsAskedFor() throws IOException {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = listener.accept()) {
                    byte[] hello = socket.getInputStream().readNBytes(64);
                    seen.complete(new String(hello, StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    seen.completeExceptionally(e);
                }
            });
            TcpServer server = new TcpServer(true, "127.0.0.1", listener.getLocalPort());
            assertThatThrownBy(() -> put(Content.none()).sendTo(server)).isInstanceOf(IOException.class);
        }
        // A handshake of TLS (RFC 8446, 5.1).
        assertThat(seen.join()).startsWith("\u0016\u0003").doesNotContain("Bearer");
    }

    private static Content endless() {
        return Content.streamed("x/y", out -> {
            byte[] piece = new byte[64 << 10];
            while (true) {
                out.write(piece);
            }
        });
    }
}
