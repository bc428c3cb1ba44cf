package brocker.client.http;

import java.io.IOException;
import java.io.Serial;

/** This user may not connect to a socket, by its permissions or those of a directory above it. */
public final class ConnectionDenied extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    ConnectionDenied(String path) {
        super("\"" + path + "\": permission denied");
    }
}
