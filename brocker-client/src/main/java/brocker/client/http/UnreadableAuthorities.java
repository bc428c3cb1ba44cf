package brocker.client.http;

import java.io.IOException;
import java.io.Serial;

/** The file of trusted certificates cannot be used; the message says why. */
public final class UnreadableAuthorities extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    UnreadableAuthorities(String message) {
        super(message);
    }
}
