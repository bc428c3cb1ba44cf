package brocker.daemon.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * Asks a container once whether it can serve.
 *
 * @param timeout for connecting and the whole answer
 */
public record HealthProbe(HealthCheck check, Duration timeout, InetSocketAddress target) {
    /** Opens sockets in the network of the service. */
    @FunctionalInterface
    public interface SocketSource {
        /**
         * An unconnected socket, the caller's.
         *
         * @throws IOException when there is none to be had, for a reason that lies with us
         */
        SocketChannel open() throws IOException;
    }

    /** What came of one attempt: a finding, or that the path does not tell. */
    private sealed interface Attempt {
        record Found(Finding finding) implements Attempt {}

        record Untold() implements Attempt {}
    }

    /** Connects, and where there is a path asks for it. */
    public Finding find(SocketSource sockets) {
        return switch (check) {
            case HealthCheck.Connect() -> found(attempt(sockets, ""));
            case HealthCheck.Get(String path) -> found(attempt(sockets, path));
            case HealthCheck.Actuator() -> actuator(sockets);
        };
    }

    private Finding actuator(SocketSource sockets) {
        for (String path : HealthCheck.Actuator.PATHS) {
            if (attempt(sockets, path) instanceof Attempt.Found(Finding finding)) {
                return finding;
            }
        }
        // It took the connection.
        return new Finding.Good();
    }

    private static Finding found(Attempt attempt) {
        return switch (attempt) {
            case Attempt.Found(Finding finding) -> finding;
            case Attempt.Untold() -> throw new IllegalStateException("only an actuator may keep silent");
        };
    }

    /** Connects, and asks for a path unless it is empty. */
    private Attempt attempt(SocketSource sockets, String path) {
        SocketChannel channel;
        try {
            channel = sockets.open();
        } catch (IOException e) {
            return new Attempt.Found(new Finding.Unknown(String.valueOf(e.getMessage())));
        }
        boolean listens = false;
        try (channel) {
            Socket socket = channel.socket();
            long deadline = System.nanoTime() + timeout.toNanos();
            socket.connect(target, Math.toIntExact(timeout.toMillis()));
            listens = true;
            return path.isEmpty() ? new Attempt.Found(new Finding.Good()) : get(socket, path, deadline);
        } catch (SocketTimeoutException _) {
            return bad(describe(path) + ": no answer within " + timeout.toMillis() + " ms", listens);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            return bad(describe(path) + ": " + message, listens);
        }
    }

    /** HTTP/1.0, so that the answer is neither chunked nor kept open (RFC 1945). */
    private Attempt get(Socket socket, String path, long deadline) throws IOException {
        String request = "GET " + path + " HTTP/1.0\r\nHost: " + describe("")
                + "\r\nUser-Agent: brocker-health\r\nAccept: application/json, */*;q=0.5\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        ProbeAnswer answer = new ProbeAnswer(socket, deadline);
        String status = answer.statusLine();
        if (ProbeAnswer.isSuccess(status)) {
            return new Attempt.Found(new Finding.Good());
        }
        if (check instanceof HealthCheck.Actuator && HealthCheck.Actuator.untold(status)) {
            return new Attempt.Untold();
        }
        return bad(describe(path) + ": " + answer.describe(status), true);
    }

    private static Attempt bad(String seen, boolean listens) {
        return new Attempt.Found(new Finding.Bad(seen, listens));
    }

    private String describe(String path) {
        return target.getAddress().getHostAddress() + ":" + target.getPort() + path;
    }
}
