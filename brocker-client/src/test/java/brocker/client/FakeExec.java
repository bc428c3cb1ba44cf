package brocker.client;

import brocker.spec.wire.ExecChannel;
import brocker.spec.wire.ExecFrame;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** The daemon's end of one exec session. */
final class FakeExec implements AutoCloseable {
    /** What the daemon does in the session. */
    @FunctionalInterface
    interface Play {
        void on(FakeExec session) throws IOException;
    }

    private final HttpServer server;
    private final CompletableFuture<InputStream> stdin = new CompletableFuture<>();
    private final CompletableFuture<Boolean> played = new CompletableFuture<>();
    private OutputStream output = OutputStream.nullOutputStream();
    volatile String request = "";
    volatile String authorization = "";

    FakeExec(Play play) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/containers/5f/exec", exchange -> {
            authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] started = "{\"id\":\"e1\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(201, started.length);
            exchange.getResponseBody().write(started);
            exchange.close();
        });
        server.createContext("/api/v1/exec/e1/output", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            output = exchange.getResponseBody();
            output.flush();
            try {
                play.on(this);
            } finally {
                exchange.close();
                played.complete(true);
            }
        });
        server.createContext("/api/v1/exec/e1/stdin", exchange -> {
            stdin.complete(exchange.getRequestBody());
            played.join();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the client sends, once it does. */
    InputStream stdin() {
        return stdin.join();
    }

    void send(ExecChannel channel, byte[] payload) throws IOException {
        ExecFrame.write(output, channel, payload, payload.length);
        output.flush();
    }

    void send(ExecChannel channel, String payload) throws IOException {
        send(channel, payload.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
