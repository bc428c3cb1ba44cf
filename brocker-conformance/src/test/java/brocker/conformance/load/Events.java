package brocker.conformance.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Streams of server-sent events, each followed to its end: {@code count} events, which name their number. */
public record Events(String kind, String path, int count, Duration rest) implements Visitor {
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public Optional<HttpConnection> visit(int port, Optional<HttpConnection> kept) throws IOException {
        try (HttpConnection connection = new HttpConnection(port)) {
            HttpConnection.Answer answer =
                    connection.exchange("GET", path, "Accept: text/event-stream\r\n", new byte[0]);
            long events = answer.body()
                    .lines()
                    .filter(line -> line.startsWith("data:"))
                    .count();
            if (answer.status() != 200 || events != count) {
                throw new IOException(answer.status() + ", " + events + " events of " + count);
            }
        }
        return Optional.empty();
    }
}
