package brocker.client.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS with the runtime's trusted authorities. Loaded only where it is asked for. */
final class Tls {
    private Tls() {}

    /** An encrypted connection over a plain one, which it owns, with a server that has proved its name (RFC 9110, 4.3.4). */
    static Socket over(Socket plain, Server server) throws IOException {
        try {
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            String host = server.host().startsWith("[")
                    ? server.host().substring(1, server.host().length() - 1)
                    : server.host();
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, server.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }
}
