package brocker.client.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What came back: a status, headers, and a body that is read as it comes. Owns the connection. */
public final class Response implements AutoCloseable {
    private static final int BUFFER = 32 << 10;
    private static final int TLS_ALERT = 21;
    private static final int TLS_MAJOR = 3;

    private final Head head;
    private final BodyStream body;

    private Response(Head head, BodyStream body) {
        this.head = head;
        this.body = body;
    }

    /** Reads the head; those before the last one (RFC 9110, 15.2) are passed over. */
    static Response read(Link link, String method) throws IOException {
        InputStream in = new BufferedInputStream(link.in(), BUFFER);
        requireNoAlert(in);
        Head head = Head.read(in);
        while (head.status() < 200) {
            if (head.status() == 101) {
                throw new MalformedAnswer("it changes to a protocol that nobody asked for");
            }
            head = Head.read(in);
        }
        return new Response(head, new BodyStream(body(in, head, method), link));
    }

    public int status() {
        return head.status();
    }

    public boolean isSuccess() {
        return status() / 100 == 2;
    }

    /** The value of a header, the first where there are several. */
    public Optional<String> header(String name) {
        return head.value(name);
    }

    /** The body; an incomplete one ends with an {@code EOFException}. Closing it closes the connection. */
    public InputStream body() {
        return body;
    }

    /** The whole body as UTF-8. */
    public String text() throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }

    /** RFC 8446, 5.1: a record begins with its type and the major version. */
    private static void requireNoAlert(InputStream in) throws IOException {
        in.mark(2);
        if (in.read() == TLS_ALERT && in.read() == TLS_MAJOR) {
            throw new TlsAlert();
        }
        in.reset();
    }

    /** RFC 9112, 6.3. */
    private static Body body(InputStream in, Head head, String method) throws IOException {
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return new SizedBody(in, 0);
        }
        Optional<String> coding = head.value("Transfer-Encoding");
        if (coding.isPresent()) {
            if (!coding.get().equalsIgnoreCase("chunked")) {
                throw new MalformedAnswer("its transfer coding \"" + coding.get() + "\" is not known");
            }
            return new ChunkedBody(in);
        }
        Optional<Long> length = head.contentLength();
        return length.isPresent() ? new SizedBody(in, length.get()) : in::read;
    }
}
