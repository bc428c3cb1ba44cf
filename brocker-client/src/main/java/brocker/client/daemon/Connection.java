package brocker.client.daemon;

import brocker.client.text.Output;
import brocker.spec.BrockerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/** The way to the daemon: address, token, and what went wrong on it. The token is read once, at the first request. */
final class Connection {
    private static final int PROBE_MILLIS = 3000;

    private final DaemonAddress address;
    private final Token source;
    private final Optional<Output> trace;
    private String token = "";

    /** @param trace where requests are told, if anywhere */
    Connection(DaemonAddress address, Token source, Optional<Output> trace) {
        this.address = address;
        this.source = source;
        this.trace = trace;
    }

    DaemonAddress address() {
        return address;
    }

    URI uri(String path) {
        return URI.create(address + path);
    }

    /**
     * The value of the header {@code Authorization} (RFC 6750).
     *
     * @throws BrockerException when the token cannot be read; that nothing listens is said first
     */
    String authorization() {
        if (token.isEmpty()) {
            try {
                token = source.read();
            } catch (BrockerException e) {
                probe();
                throw e;
            }
        }
        return "Bearer " + token;
    }

    void trace(String what) {
        trace.ifPresent(output -> output.println(what));
    }

    void trace(String method, String path, int status, long started) {
        if (trace.isPresent()) {
            long millis = (System.nanoTime() - started) / 1_000_000;
            trace.get().println(method + " " + path + " " + status + " " + millis + " ms");
        }
    }

    BrockerException.Unreachable unreachable(IOException e) {
        String hint = "start it (sudo brockerd), or set BROCKER_HOST to where it listens";
        if (e instanceof UnknownHostException) {
            String message = "the host of \"" + address + "\" is not known";
            return new BrockerException.Unreachable("unreachable", message, hint);
        }
        boolean nobody = e instanceof ConnectException || e instanceof java.net.SocketTimeoutException;
        String message = nobody
                ? "no daemon answers at \"" + address + "\""
                : "the connection to \"" + address + "\" failed: " + e.getMessage();
        return new BrockerException.Unreachable("unreachable", message, nobody ? hint : "");
    }

    private void probe() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.uri().getHost(), address.port()), PROBE_MILLIS);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }
}
