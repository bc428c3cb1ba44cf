package brocker.client.daemon;

import brocker.client.http.Server;
import brocker.client.http.TcpServer;
import brocker.client.http.UnixServer;
import brocker.client.line.WrongUsage;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;

/** Where the daemon listens. The text is what users write and are told. */
public sealed interface DaemonAddress {
    /**
     * The same as requests need it.
     *
     * @param caFile the certificates to trust; empty for those of the Java runtime
     */
    Server server(String caFile);

    /** A socket of this machine, {@code unix:///run/brocker/brockerd.sock}; connecting is a matter of its permissions. */
    record Socket(String path) implements DaemonAddress {
        /** That of a daemon without {@code --run-dir}. */
        public static final Socket STANDARD = new Socket("/run/brocker/brockerd.sock");

        @Override
        public Server server(String caFile) {
            return new UnixServer(path);
        }

        @Override
        public String toString() {
            return "unix://" + path;
        }

        /** Whether nothing is there, as far as this user can see. */
        boolean isMissing() {
            File file = new File(path);
            File directory = new File(file.getParent());
            return !file.exists() && (directory.canExecute() || !directory.exists());
        }
    }

    /** A port, {@code http://127.0.0.1:3000}; that of the scheme where none is written. */
    record Url(URI uri) implements DaemonAddress {
        /** That of a daemon without {@code --listen}. */
        private static final String STANDARD = "http://127.0.0.1:3000";

        @Override
        public Server server(String caFile) {
            boolean tls = "https".equals(uri.getScheme());
            int standard = tls ? 443 : 80;
            return new TcpServer(tls, uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort(), caFile);
        }

        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /**
     * The address of users who give none: the socket. It is the port if they give a token, which only the port asks for, or if there is no
     * socket, as at the near end of a tunnel.
     */
    static DaemonAddress standard(Token token) {
        boolean socket = token.equals(Token.InFile.STANDARD) && !Socket.STANDARD.isMissing();
        return socket ? Socket.STANDARD : parse(Url.STANDARD);
    }

    /**
     * Reads an address as users write it: a URL, {@code unix:///PATH} or {@code unix:/PATH}.
     *
     * @throws WrongUsage when the text is not the address of a daemon
     */
    static DaemonAddress parse(String text) {
        if (text.startsWith("unix:/")) {
            String path = text.startsWith("unix:///") ? text.substring(7) : text.substring(5);
            if (path.startsWith("//") || path.endsWith("/")) {
                throw invalid(text);
            }
            return new Socket(path);
        }
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String path = uri.getRawPath();
            boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (web && bare && uri.getHost() != null) {
                return new Url(new URI(uri.getScheme() + "://" + uri.getRawAuthority()));
            }
        } catch (URISyntaxException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static WrongUsage invalid(String text) {
        return new WrongUsage(
                "\"" + text + "\" is not the address of a daemon",
                "set BROCKER_HOST or --host to \"" + Socket.STANDARD + "\" or a URL such as \"" + Url.STANDARD + "\"");
    }
}
