package brocker.daemon.orchestrator;

import brocker.spec.Health;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a container once whether it can serve. */
final class HealthProbe {
    private static final int STATUS_LINE_LIMIT = 512;

    private final Health health;
    private final InetSocketAddress target;

    HealthProbe(Health health, InetSocketAddress target) {
        this.health = health;
        this.target = target;
    }

    /**
     * Connects, and where there is a path asks for it.
     *
     * @param channel an unconnected socket in the container's network; closed afterwards
     * @return empty when it can serve, otherwise what was seen
     */
    Optional<String> check(SocketChannel channel) {
        Duration timeout = health.timeoutOrDefault();
        try (channel) {
            Socket socket = channel.socket();
            long deadline = System.nanoTime() + timeout.toNanos();
            socket.connect(target, Math.toIntExact(timeout.toMillis()));
            return health.path().isEmpty()
                    ? Optional.empty()
                    : get(socket, health.path().get(), deadline);
        } catch (SocketTimeoutException _) {
            return Optional.of(describe() + ": no answer within " + timeout.toMillis() + " ms");
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
            return Optional.of(describe() + ": " + message);
        }
    }

    /** HTTP/1.0, so that the answer is neither chunked nor kept open (RFC 1945); only its status line is read. */
    private Optional<String> get(Socket socket, String path, long deadline) throws IOException {
        String request =
                "GET " + path + " HTTP/1.0\r\nHost: " + target.getAddress().getHostAddress() + ":" + target.getPort()
                        + "\r\nUser-Agent: brocker-health\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = statusLine(socket, deadline);
        if (status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?")) {
            return Optional.empty();
        }
        return Optional.of(describe() + path + ": \"" + status + "\"");
    }

    private static String statusLine(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        int c = read(socket, in, deadline);
        while (c >= 0 && c != '\n' && line.length() < STATUS_LINE_LIMIT) {
            if (c != '\r') {
                line.append((char) c);
            }
            c = read(socket, in, deadline);
        }
        return line.toString();
    }

    /** The time-out holds for the whole answer: one that comes byte by byte does not begin it anew. */
    private static int read(Socket socket, InputStream in, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout(Math.toIntExact(left));
        return in.read();
    }

    private String describe() {
        return target.getAddress().getHostAddress() + ":" + target.getPort();
    }
}
