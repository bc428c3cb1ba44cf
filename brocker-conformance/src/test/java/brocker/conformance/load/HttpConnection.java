package brocker.conformance.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection, HTTP/1.1, see RFC 9112. A failure ends it; it is never made again. */
final class HttpConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final PushbackInputStream in;

    /**
     * A whole answer.
     *
     * @param headers their names in lower case
     * @param stays whether the server said that the connection may be used again
     */
    record Answer(int status, Map<String, String> headers, String body, boolean stays) {
        Answer {
            headers = Map.copyOf(headers);
        }
    }

    HttpConnection(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS);
        in = new PushbackInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    InputStream in() {
        return in;
    }

    /** Sends one request, headers each ended by a line's end, and reads what comes back to its end. */
    Answer exchange(String method, String path, String headers, byte[] body) throws IOException {
        send(method, path, headers, body);
        return answer();
    }

    void send(String method, String path, String headers, byte[] body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: uptime\r\n" + headers
                + (body.length > 0 ? "Content-Length: " + body.length + "\r\n" : "") + "\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
    }

    Answer answer() throws IOException {
        String line = line();
        if (!line.matches("HTTP/1\\.1 \\d{3}( .*)?")) {
            throw new IOException("the answer begins with \"" + line + "\"");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        byte[] body = status == 101 ? new byte[0] : body(headers);
        boolean stays = !"close".equalsIgnoreCase(headers.get("connection"));
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8), stays);
    }

    /** Whether the server has closed it while nobody waited for an answer, as a client may look before it writes (RFC 9112, 9.5). */
    boolean closedByServer() {
        try {
            socket.setSoTimeout(1);
            int next = in.read();
            if (next >= 0) {
                in.unread(next);
            }
            socket.setSoTimeout(ANSWER_MILLIS);
            return next < 0;
        } catch (SocketTimeoutException _) {
            return !patient();
        } catch (IOException _) {
            // Reset, which is closed as well.
            return true;
        }
    }

    private boolean patient() {
        try {
            socket.setSoTimeout(ANSWER_MILLIS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return chunks();
        }
        String length = headers.get("content-length");
        if (length == null) {
            throw new IOException("an answer whose end is not told");
        }
        return whole(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            all.writeBytes(whole(size));
            if (!line().isEmpty()) {
                throw new IOException("a chunk that does not end");
            }
            if (size == 0) {
                return all.toByteArray();
            }
        }
    }

    byte[] whole(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed after \"" + line + "\"");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
