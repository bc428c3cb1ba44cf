package brocker.client.http;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS with the runtime's trusted authorities, or those of a file. Loaded only where it is asked for. */
final class Tls {
    private Tls() {}

    /** An encrypted connection over a plain one, which it owns, with a server that has proved its name (RFC 9110, 4.3.4). */
    static Socket over(Socket plain, TcpServer server) throws IOException {
        try {
            SSLSocketFactory factory = server.caFile().isEmpty()
                    ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                    : trusting(server.caFile());
            String host = server.name().startsWith("[")
                    ? server.name().substring(1, server.name().length() - 1)
                    : server.name();
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

    /** Of those authorities alone, and of a certificate that is its own authority. */
    private static SSLSocketFactory trusting(String file) throws IOException {
        try (InputStream in = new FileInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
            if (store.size() == 0) {
                throw new UnreadableAuthorities("\"" + file + "\" holds no certificate in PEM");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (FileNotFoundException e) {
            throw new UnreadableAuthorities("cannot read \"" + file + "\"" + reason(e, file));
        } catch (CertificateException e) {
            throw new UnreadableAuthorities("\"" + file + "\" holds no certificate in PEM");
        } catch (GeneralSecurityException e) {
            throw new IOException("a Java runtime without TLS", e);
        }
    }

    /** The JDK says it in brackets behind the name. */
    private static String reason(FileNotFoundException e, String file) {
        String message = String.valueOf(e.getMessage());
        boolean known = message.startsWith(file + " (") && message.endsWith(")");
        return known ? ": " + message.substring(file.length() + 2, message.length() - 1) : "";
    }
}
