package brocker.client.daemon;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A stream of server-sent events (WHATWG HTML, 9.2.6), whose lines end with a line feed. Owns the stream below. */
public final class ServerSentEvents implements AutoCloseable {
    private final InputStream in;

    public ServerSentEvents(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * One message.
     *
     * @param id empty where it has none
     * @param type {@code message} where it has none
     * @param data empty where it only has an id
     */
    public record Message(String id, String type, String data) {}

    /** Waits for the next message; none where the stream ends, what was begun then is not one. */
    public Optional<Message> next() throws IOException {
        String id = "";
        String type = "message";
        StringBuilder data = new StringBuilder();
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            String text = line.get();
            int colon = text.indexOf(':');
            String field = colon < 0 ? text : text.substring(0, colon);
            String value = colon < 0 ? "" : text.substring(colon + (text.startsWith(" ", colon + 1) ? 2 : 1));
            switch (field) {
                case "id" -> id = value;
                case "event" -> type = value;
                case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                default -> {
                    // A comment, or a field that this client does not know.
                }
            }
            if (text.isEmpty() && !(id.isEmpty() && data.isEmpty())) {
                return Optional.of(new Message(id, type, data.toString()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return Optional.empty();
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
