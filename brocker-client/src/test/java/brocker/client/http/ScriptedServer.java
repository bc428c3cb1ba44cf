package brocker.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Takes one connection, reads a request until its bytes end as said, writes what it is told to, and closes. */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<String> request = new CompletableFuture<>();

    /** @param script the bytes of the answer, one {@code char} each; sent one by one where {@code bytewise} */
    ScriptedServer(String requestEnd, String script, boolean bytewise) throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket socket = listener.accept()) {
                request.complete(read(socket.getInputStream(), requestEnd));
                OutputStream out = socket.getOutputStream();
                byte[] answer = script.getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; i < answer.length; i += bytewise ? 1 : answer.length) {
                    out.write(answer, i, bytewise ? 1 : answer.length);
                }
            } catch (IOException e) {
                request.completeExceptionally(e);
            }
        });
    }

    ScriptedServer(String script) throws IOException {
        this("\r\n\r\n", script, false);
    }

    TcpServer server() {
        return new TcpServer(false, "127.0.0.1", listener.getLocalPort());
    }

    /** What it has read, one {@code char} a byte. */
    String request() {
        return request.join();
    }

    private static String read(InputStream in, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the request ended after: " + read);
            }
            read.write(b);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
