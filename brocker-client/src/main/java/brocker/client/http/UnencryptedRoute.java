package brocker.client.http;

import java.io.IOException;
import java.io.Serial;

/** The server is on another machine, and whoever is on the way could read what would be sent without TLS, so nothing was. */
public final class UnencryptedRoute extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    UnencryptedRoute(TcpServer server) {
        super("\"http://" + server.host() + "\" is not a loopback address: the token is not sent there unencrypted");
    }
}
