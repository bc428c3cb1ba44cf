package brocker.client.http;

import java.io.IOException;
import java.io.Serial;

/** What the other side sent is not HTTP/1.1, or nothing that this client understands. */
public final class MalformedAnswer extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    MalformedAnswer(String message) {
        super(message);
    }
}
