package brocker.client.daemon;

import brocker.client.http.ConnectionDenied;
import brocker.client.http.Content;
import brocker.client.http.MalformedAnswer;
import brocker.client.http.Request;
import brocker.client.http.Response;
import brocker.client.http.UnencryptedRoute;
import brocker.client.http.UnreadableAuthorities;
import brocker.client.http.UnsafeServer;
import brocker.client.text.Output;
import brocker.spec.BrockerException;
import brocker.spec.Escaped;
import brocker.spec.json.Json;
import brocker.spec.wire.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The way to the daemon: address, token, and what went wrong on it. The token is read once, at the first request; a socket of this
 * machine asks for none.
 */
final class Connection {
    private static final String API = "/api/v1";

    private final DaemonAddress address;
    private final String caFile;
    private final Token source;
    private final Optional<Output> trace;
    private String token = "";

    /**
     * A way to a daemon.
     *
     * @param caFile the certificates to trust; empty for those of the Java runtime
     * @param trace where requests are told, if anywhere
     */
    Connection(DaemonAddress address, String caFile, Token source, Optional<Output> trace) {
        this.address = address;
        this.caFile = caFile;
        this.source = source;
        this.trace = trace;
    }

    /** Sends a request for a path below {@code /api/v1}; the caller closes the answer. */
    Response send(String method, String path, Content content) throws IOException {
        long started = System.nanoTime();
        Request request = new Request(method, API + path, authorization(), "application/json", content);
        Response response = request.sendTo(address.server(caFile));
        if (trace.isPresent()) {
            long millis = (System.nanoTime() - started) / 1_000_000;
            trace(method + " " + request.target() + " " + response.status() + " " + millis + " ms");
        }
        return response;
    }

    /** Throws what the daemon says where it did not do what it was asked for. */
    void requireSuccess(String method, String path, Response response) throws IOException {
        if (response.isSuccess()) {
            return;
        }
        boolean problem = response.header("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE);
        // The answer to HEAD has the headers of a problem and not the problem.
        String text = problem ? response.text() : "";
        if (!text.isEmpty()) {
            throw Json.read("the daemon's answer", text, Problem.class).toException();
        }
        if (response.status() == 401) {
            throw new BrockerException.Unauthorized(
                    "unauthorized",
                    "the daemon at \"" + address + "\" does not accept the token",
                    "the daemon's own is in its run directory, \"/run/brocker/token\" where no --run-dir is given; see --token-file");
        }
        throw new BrockerException.Host(
                "unexpected-answer",
                "what listens at \"" + address + "\" answered " + method + " \"" + API + path + "\" with status "
                        + response.status(),
                "is it brockerd?");
    }

    /**
     * The value of the header {@code Authorization} (RFC 6750); empty where none is needed.
     *
     * @throws BrockerException when the token cannot be read; that nothing listens is said first
     */
    private String authorization() {
        if (address instanceof DaemonAddress.Socket) {
            return "";
        }
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
        trace.ifPresent(output -> output.println(Escaped.of(what)));
    }

    /** What went wrong on the way, as the user is told. */
    BrockerException failure(IOException e) {
        if (e instanceof MalformedAnswer) {
            return new BrockerException.Host(
                    "unexpected-answer",
                    "what listens at \"" + address + "\" gave an answer that is not understood: " + e.getMessage(),
                    "is it brockerd?");
        }
        if (e instanceof UnsafeServer) {
            return new BrockerException.Unreachable(
                    "unsafe-server",
                    String.valueOf(e.getMessage()),
                    "use the daemon's socket, which nobody else can have: BROCKER_HOST="
                            + DaemonAddress.Socket.STANDARD);
        }
        if (e instanceof UnencryptedRoute) {
            return new BrockerException.Invalid(
                    "unencrypted-route",
                    String.valueOf(e.getMessage()),
                    "write https://, or use a tunnel to its socket: ssh -nNT -L ./brocker.sock:"
                            + DaemonAddress.Socket.STANDARD.path()
                            + " HOST, and BROCKER_HOST=unix://$PWD/brocker.sock");
        }
        if (e instanceof UnreadableAuthorities) {
            return new BrockerException.Invalid(
                    "unreadable-authorities",
                    String.valueOf(e.getMessage()),
                    "name the certificate of the daemon, or of its authority, in --ca-file or BROCKER_CA_FILE");
        }
        return unreachable(e);
    }

    private BrockerException.Unreachable unreachable(IOException e) {
        String hint = "start it (sudo brockerd), or set BROCKER_HOST to where it listens";
        if (e instanceof UnknownHostException) {
            String message = "the host of \"" + address + "\" is not known";
            return new BrockerException.Unreachable("unreachable", message, hint);
        }
        if (e instanceof SSLException) {
            return new BrockerException.Unreachable("untrusted", TlsFailure.message(address, e), TlsFailure.hint(e));
        }
        if (e instanceof ConnectionDenied) {
            String message = "cannot connect to \"" + address + "\": permission denied";
            return new BrockerException.Unreachable(
                    "permission-denied", message, "use sudo, or become a member of the group \"brocker\"");
        }
        boolean nobody = e instanceof ConnectException
                || e instanceof NoRouteToHostException
                || e instanceof SocketTimeoutException;
        String message = nobody
                ? "no daemon answers at \"" + address + "\""
                : "the connection to \"" + address + "\" failed: " + e.getMessage();
        return new BrockerException.Unreachable("unreachable", message, nobody ? hint : "");
    }

    private void probe() {
        try {
            address.server(caFile).probe();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
