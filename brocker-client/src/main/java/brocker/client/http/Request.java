package brocker.client.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One request, which has a connection to itself.
 *
 * @param target path and query, encoded (RFC 3986)
 * @param authorization the value of the header of that name (RFC 9110, 11.6.2); empty for none
 */
public record Request(String method, String target, String authorization, String accept, Content content) {
    /** Refuses what would end a line of the head: nothing of the user's comes here unencoded. */
    public Request {
        requirePrintable(method + target + authorization + accept + content.type());
        if (target.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("not encoded: \"" + target + "\"");
        }
    }

    /**
     * Sends it and reads the head of its answer. A server that answers before it has read the whole body has a reason: its answer
     * counts, where it is a failure.
     *
     * @return the answer, which owns the connection and which the caller closes
     * @throws java.net.ConnectException when nothing listens there, {@code SocketTimeoutException} when nothing says anything to that
     * @throws UnsafeServer when another user listens there; nothing has been sent
     * @throws UnencryptedRoute when it would leave this machine unencrypted; nothing has been sent
     * @throws MalformedAnswer when what comes back is not HTTP
     * @throws TlsAlert when the server speaks TLS, and this does not
     */
    public Response sendTo(Server server) throws IOException {
        Link link = server.connect();
        boolean responded = false;
        try {
            Optional<IOException> broken = send(link.out(), server);
            Response response = broken.isPresent() ? early(link, broken.get()) : Response.read(link, method);
            responded = true;
            return response;
        } finally {
            if (!responded) {
                link.close();
            }
        }
    }

    /** Gives what broke the connection, if anything did; what goes wrong at the body's source is thrown. */
    private Optional<IOException> send(OutputStream socket, Server server) throws IOException {
        RequestOutput out = new RequestOutput(socket, content.length());
        try {
            // The head goes with the beginning of the body, in one segment where it fits, unless the body is not there
            // yet.
            out.head(head(server));
            if (content.length() == Content.UNKNOWN) {
                out.flush();
            }
            content.writer().writeTo(out);
            out.finish();
        } catch (RequestOutput.Broken e) {
            return Optional.of(e.failure());
        }
        return Optional.empty();
    }

    private Response early(Link link, IOException broken) throws IOException {
        Response response;
        try {
            response = Response.read(link, method);
        } catch (IOException e) {
            broken.addSuppressed(e);
            throw broken;
        }
        if (response.status() < 400) {
            throw broken;
        }
        return response;
    }

    private byte[] head(Server server) {
        StringBuilder head = new StringBuilder(256)
                .append(method + " " + target + " HTTP/1.1\r\nHost: " + server.host() + "\r\n")
                .append("Connection: close\r\n");
        if (!authorization.isEmpty()) {
            head.append("Authorization: " + authorization + "\r\n");
        }
        head.append("Accept: " + accept + "\r\n");
        if (!content.isNone()) {
            head.append("Content-Type: " + content.type() + "\r\n")
                    .append(
                            content.length() == Content.UNKNOWN
                                    ? "Transfer-Encoding: chunked\r\n"
                                    : "Content-Length: " + content.length() + "\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void requirePrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                throw new IllegalArgumentException("not for a request's head: character " + (int) text.charAt(i));
            }
        }
    }
}
