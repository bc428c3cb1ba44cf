package brocker.client.http;

import java.io.Serial;
import javax.net.ssl.SSLException;

/** The other side speaks TLS: it answered an unencrypted request with an alert. */
public final class TlsAlert extends SSLException {
    @Serial
    private static final long serialVersionUID = 1;

    TlsAlert() {
        super("an alert of TLS");
    }
}
