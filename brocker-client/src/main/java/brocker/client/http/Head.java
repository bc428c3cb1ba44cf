package brocker.client.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Status line and headers of an answer (RFC 9112, 4 and 5).
 *
 * @param headers names and values in turns
 */
record Head(int status, List<String> headers) {
    private static final int MOST = 64 << 10;

    Head {
        headers = List.copyOf(headers);
    }

    /**
     * Reads a head to the empty line at its end.
     *
     * @throws MalformedAnswer when it is none, or larger than 64 KiB
     * @throws EOFException when the connection ends before it does
     */
    static Head read(InputStream in) throws IOException {
        int status = status(line(in, MOST));
        int left = MOST;
        List<String> headers = new ArrayList<>();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            left -= line.length();
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                continueLast(headers, line);
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1 || line.charAt(colon - 1) <= ' ') {
                throw new MalformedAnswer("its header \"" + line + "\" has no name");
            }
            headers.add(line.substring(0, colon));
            headers.add(line.substring(colon + 1).strip());
        }
        return new Head(status, headers);
    }

    /**
     * A line without its end, for which a bare line feed is taken as well (RFC 9112, 2.2).
     *
     * @throws MalformedAnswer when it is longer than it may be
     */
    static String line(InputStream in, int most) throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("it was closed before the answer was complete");
            }
            if (length == most) {
                throw new MalformedAnswer("a line of its head is too long");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) b;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The value of a header, the first where there are several. */
    Optional<String> value(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return Optional.of(headers.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** @throws MalformedAnswer when it is no number, or two different ones */
    Optional<Long> contentLength() throws MalformedAnswer {
        Optional<String> length = value("Content-Length");
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase("Content-Length")
                    && !headers.get(i + 1).equals(length.orElse(""))) {
                throw new MalformedAnswer("it has two different lengths");
            }
        }
        return length.isPresent() ? Optional.of(Digits.parse(length.get(), 10)) : Optional.empty();
    }

    private static int status(String line) throws MalformedAnswer {
        boolean http = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        if (!http || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw new MalformedAnswer("it does not begin as an answer of HTTP/1.1 does");
        }
        int status = (int) Digits.parse(line.substring(9, 12), 10);
        if (status < 100) {
            throw new MalformedAnswer("its status \"" + status + "\" is none");
        }
        return status;
    }

    private static void continueLast(List<String> headers, String line) throws MalformedAnswer {
        if (headers.isEmpty()) {
            throw new MalformedAnswer("its first header has no name");
        }
        headers.add(headers.removeLast() + " " + line.strip());
    }
}
