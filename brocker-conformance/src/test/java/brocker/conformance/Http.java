package brocker.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One request on a connection of its own, never tried again: a plain client that hides no failure. */
final class Http {
    private static final int TIMEOUT_MILLIS = 20_000;

    private Http() {}

    /** A whole answer; the connection was closed after it. */
    record Answer(int status, List<String> headers, String body) {
        Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .findFirst();
        }

        /** The first word of the body: who answered. */
        String host() {
            return body.strip().split(" ", -1)[0];
        }
    }

    static Answer get(String address, int port, String path) throws IOException {
        return send(address, port, "GET", path, List.of(), new byte[0]);
    }

    static Answer send(String address, int port, String method, String path, List<String> headers, byte[] body)
            throws IOException {
        return send(address, port, address, method, path, headers, body);
    }

    /** A request for a host that the address serves, among others. */
    static Answer send(
            String address, int port, String host, String method, String path, List<String> headers, byte[] body)
            throws IOException {
        try (Socket socket = connect(address, port)) {
            return send(socket, host, method, path, headers, body);
        }
    }

    /** A request on a connection that is there, which stays the caller's. */
    static Answer send(Socket socket, String host, String method, String path, List<String> headers, byte[] body)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
        return read(socket.getInputStream());
    }

    static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket(InetAddress.ofLiteral(address), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** Reads until the empty line that ends a head. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended within the head: \"" + head + "\"");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static Answer read(InputStream in) throws IOException {
        List<String> lines = head(in).strip().lines().toList();
        if (!lines.getFirst().matches("HTTP/1\\.1 \\d{3} .*")) {
            throw new IOException("not an answer: \"" + lines.getFirst() + "\"");
        }
        int status = Integer.parseInt(lines.getFirst().substring(9, 12));
        Answer empty = new Answer(status, lines.subList(1, lines.size()), "");
        Optional<Integer> length = empty.header("Content-Length").map(Integer::parseInt);
        byte[] body = in.readNBytes(length.orElse(Integer.MAX_VALUE));
        if (length.isPresent() && body.length < length.get()) {
            throw new IOException("the answer ends after " + body.length + " bytes of " + length.get());
        }
        return new Answer(status, empty.headers(), new String(body, StandardCharsets.ISO_8859_1));
    }
}
