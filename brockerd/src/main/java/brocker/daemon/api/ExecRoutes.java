package brocker.daemon.api;

import brocker.daemon.connection.Connection;
import brocker.kernel.Exit;
import brocker.kernel.Fd;
import brocker.kernel.FdInputStream;
import brocker.kernel.FdOutputStream;
import brocker.runtime.ExecSession;
import brocker.spec.json.Json;
import brocker.spec.wire.ExecChannel;
import brocker.spec.wire.ExecFrame;
import brocker.spec.wire.ExecResult;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/**
 * {@code /api/v1/exec/{id}}: the streams of an exec session, each over a request of its own. What the client does not read in time holds
 * the command up, through TCP and the pipe, and nothing else.
 */
record ExecRoutes(ExecSessions sessions, ExecutorService platform) implements HttpService {
    private static final int BUFFER = 32 << 10;

    /** The pumps block in the kernel on pipes, so each has a platform thread. */
    ExecRoutes(ExecSessions sessions) {
        this(
                sessions,
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("exec-pump-", 0).daemon().factory()));
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{id}/output", this::output).put("/{id}/stdin", this::stdin);
    }

    /** Sends frames until the command has ended; a client that leaves ends the command. */
    private void output(ServerRequest request, ServerResponse response) throws IOException {
        String id = id(request);
        ExecSession session = sessions.claim(id);
        try {
            response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
            try (OutputStream out = response.outputStream()) {
                // The client sends input once it has the head of this answer, which goes with the first byte of the
                // body.
                ExecFrame.write(out, ExecChannel.STDOUT, new byte[0], 0);
                out.flush();
                ReentrantLock writing = new ReentrantLock();
                CompletableFuture<Void> stdout = pump(session, session.stdout(), ExecChannel.STDOUT, out, writing);
                CompletableFuture<Void> stderr = pump(session, session.stderr(), ExecChannel.STDERR, out, writing);
                CompletableFuture.allOf(stdout, stderr).join();
                int code = code(session.exit().join());
                byte[] result = Json.write(new ExecResult(code)).getBytes(StandardCharsets.UTF_8);
                ExecFrame.write(out, ExecChannel.RESULT, result, result.length);
            }
        } finally {
            sessions.remove(id);
        }
    }

    private void stdin(ServerRequest request, ServerResponse response) throws IOException {
        ExecSession session = sessions.get(id(request));
        // A person may be typing.
        Connection.current().waitForever();
        CompletableFuture<Void> done = new CompletableFuture<>();
        InputStream in = request.content().inputStream();
        platform.execute(() -> {
            // A command that does not read its input any more is no failure of the session.
            try (OutputStream pipe = new FdOutputStream(session.stdin())) {
                copy(in, pipe);
                done.complete(null);
            } catch (IOException e) {
                done.complete(null);
            } catch (RuntimeException e) {
                // The client has left in the middle of it.
                done.completeExceptionally(e);
            }
        });
        done.join();
        response.status(Status.NO_CONTENT_204).send();
    }

    private CompletableFuture<Void> pump(
            ExecSession session, Fd from, ExecChannel channel, OutputStream out, ReentrantLock writing) {
        return CompletableFuture.runAsync(
                () -> {
                    byte[] buffer = new byte[BUFFER];
                    InputStream in = new FdInputStream(from);
                    try {
                        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                            writing.lock();
                            try {
                                ExecFrame.write(out, channel, buffer, read);
                                out.flush();
                            } finally {
                                writing.unlock();
                            }
                        }
                    } catch (IOException | RuntimeException e) {
                        // The client has left, and the command goes with it.
                        session.close();
                    }
                },
                platform);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
        }
    }

    private static int code(Exit exit) {
        return switch (exit) {
            case Exit.Code code -> code.code();
            case Exit.Signal signal -> 128 + signal.signal();
            case Exit.Unknown _ -> 255;
        };
    }

    private static String id(ServerRequest request) {
        return request.path().pathParameters().get("id");
    }
}
