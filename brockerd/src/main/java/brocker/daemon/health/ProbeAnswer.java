package brocker.daemon.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** The answer to a health check as it comes in: as much of it as is worth telling, until a point in time. */
public final class ProbeAnswer {
    private static final int LONGEST_LINE = 512;
    private static final int MOST_HEADERS = 100;
    private static final int SHOWN = 160;
    private static final String LOCATION = "location:";

    private final Socket socket;
    private final InputStream in;
    private final long deadline;
    private boolean over;

    /**
     * Of a request that was sent.
     *
     * @param deadline of {@link System#nanoTime}; the answer as a whole has until then
     */
    ProbeAnswer(Socket socket, long deadline) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
    }

    static boolean isSuccess(String status) {
        return status.matches("HTTP/1\\.[01] 2\\d\\d( .*)?");
    }

    /**
     * The first line, whatever it is.
     *
     * @throws SocketTimeoutException when it is not there in time
     */
    String statusLine() throws IOException {
        return line().stripTrailing();
    }

    /** What there is to tell of an answer that was no success, in one line. */
    String describe(String status) {
        if (status.isEmpty()) {
            return "the connection was closed without an answer";
        }
        String quoted = "\"" + shown(status) + "\"";
        if (!status.startsWith("HTTP/")) {
            return quoted;
        }
        try {
            Optional<String> location = location();
            if (location.isPresent() && status.matches("HTTP/1\\.[01] 3\\d\\d( .*)?")) {
                return quoted + ", which points to \"" + shown(location.get()) + "\"; redirects are not followed";
            }
            String body = line();
            while (body.isBlank() && !over) {
                body = line();
            }
            return body.isBlank() ? quoted : quoted + ", which says \"" + shown(body.strip()) + "\"";
        } catch (IOException _) {
            // The status is enough.
            return quoted;
        }
    }

    /** Reads the rest of the head. */
    private Optional<String> location() throws IOException {
        Optional<String> location = Optional.empty();
        for (int i = 0; i < MOST_HEADERS; i++) {
            String header = line();
            if (header.isEmpty()) {
                return location;
            }
            if (header.toLowerCase(Locale.ROOT).startsWith(LOCATION)) {
                location = Optional.of(header.substring(LOCATION.length()).strip());
            }
        }
        return location;
    }

    /** The next line, or as much of it as may be long; empty at the end. */
    private String line() throws IOException {
        byte[] line = new byte[LONGEST_LINE];
        int length = 0;
        int c = read();
        while (c >= 0 && c != '\n' && length < LONGEST_LINE) {
            line[length++] = (byte) c;
            c = read();
        }
        over |= c < 0;
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /** The time-out holds for the whole answer: one that comes byte by byte does not begin it anew. */
    private int read() throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout(Math.toIntExact(left));
        return in.read();
    }

    private static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }
}
