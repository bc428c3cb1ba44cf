package brocker.client.daemon;

import brocker.client.http.Server;
import brocker.client.line.WrongUsage;
import java.net.URI;
import java.net.URISyntaxException;

/** Where the daemon listens: {@code http://127.0.0.1:3000}. The port is that of the scheme where none is written. */
public record DaemonAddress(URI uri) {
    public static final String DEFAULT = "http://127.0.0.1:3000";

    /**
     * Reads an address as users write it.
     *
     * @throws WrongUsage when the text is not the address of a daemon
     */
    public static DaemonAddress parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String path = uri.getRawPath();
            boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (web && bare && uri.getHost() != null) {
                return new DaemonAddress(new URI(uri.getScheme() + "://" + uri.getRawAuthority()));
            }
        } catch (URISyntaxException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    /**
     * The same as requests need it.
     *
     * @param caFile the certificates to trust; empty for those of the Java runtime
     */
    Server server(String caFile) {
        boolean tls = "https".equals(uri.getScheme());
        int standard = tls ? 443 : 80;
        return new Server(tls, uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort(), caFile);
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static WrongUsage invalid(String text) {
        return new WrongUsage(
                "\"" + text + "\" is not the address of a daemon",
                "set BROCKER_HOST or --host to a URL such as \"" + DEFAULT + "\"");
    }
}
