package brocker.client.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** Head and body of a request on their way to a socket, the body in chunks (RFC 9112, 7.1) where its length is unknown. */
final class RequestOutput extends OutputStream {
    private static final int BUFFER = 16 << 10;

    private final OutputStream socket;
    private final boolean chunked;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(1024);
    private long missing;

    /** The socket does not take any more, which is no failure of whoever writes the body. */
    static final class Broken extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private final IOException failure;

        private Broken(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    /** @param length the body's, or {@link Content#UNKNOWN} */
    RequestOutput(OutputStream socket, long length) {
        this.socket = socket;
        this.chunked = length == Content.UNKNOWN;
        this.missing = chunked ? Long.MAX_VALUE : length;
    }

    void head(byte[] head) {
        pending.writeBytes(head);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > missing) {
            throw new IllegalStateException("the body is longer than was said");
        }
        if (length == 0) {
            // A chunk of no bytes would be the last one.
            return;
        }
        if (chunked) {
            ascii(Integer.toHexString(length) + "\r\n");
        } else {
            missing -= length;
        }
        if (pending.size() + length > BUFFER) {
            flush();
            direct(bytes, offset, length);
        } else {
            pending.write(bytes, offset, length);
        }
        if (chunked) {
            ascii("\r\n");
        }
    }

    /** Sends what has been written. */
    @Override
    public void flush() throws IOException {
        if (pending.size() > 0) {
            direct(pending.toByteArray(), 0, pending.size());
            pending.reset();
        }
    }

    /** Ends the body. */
    void finish() throws IOException {
        if (chunked) {
            ascii("0\r\n\r\n");
        } else if (missing > 0) {
            throw new IllegalStateException("the body is " + missing + " bytes shorter than was said");
        }
        flush();
    }

    private void ascii(String text) {
        pending.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void direct(byte[] bytes, int offset, int length) throws IOException {
        try {
            socket.write(bytes, offset, length);
        } catch (IOException e) {
            throw new Broken(e);
        }
    }
}
