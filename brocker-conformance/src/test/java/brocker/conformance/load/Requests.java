package brocker.conformance.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Requests that are answered with 200.
 *
 * @param body is sent with each, and none where it is empty
 * @param expected is found in each answer
 * @param keeps whether the connection is used for the next one, as long as the server allows
 */
public record Requests(
        String kind,
        String method,
        String path,
        String body,
        String expected,
        boolean keeps,
        boolean quick,
        Duration rest)
        implements Visitor {
    @Override
    public Optional<HttpConnection> visit(int port, Optional<HttpConnection> kept) throws IOException {
        HttpConnection connection = kept.isPresent() ? kept.get() : new HttpConnection(port);
        boolean stays = false;
        try {
            String headers = keeps ? "" : "Connection: close\r\n";
            HttpConnection.Answer answer =
                    connection.exchange(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
            if (answer.status() != 200 || !answer.body().contains(expected)) {
                throw new IOException(answer.status() + ": \"" + answer.body().strip() + "\"");
            }
            stays = keeps && answer.stays();
            return stays ? Optional.of(connection) : Optional.empty();
        } finally {
            if (!stays) {
                connection.close();
            }
        }
    }
}
