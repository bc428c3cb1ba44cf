package brocker.client.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112, 7.1); extensions and trailers are passed over. */
final class ChunkedBody implements Body {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_TRAILERS = 100;

    private final InputStream in;
    private long left;
    private boolean begun;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            next();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the answer ended within a chunk");
        }
        left -= count;
        return count;
    }

    private void next() throws IOException {
        if (begun && !Head.line(in, LONGEST_LINE).isEmpty()) {
            throw new MalformedAnswer("a chunk is longer than was said");
        }
        begun = true;
        String line = Head.line(in, LONGEST_LINE);
        int extension = line.indexOf(';');
        left = Digits.parse((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
        if (left == 0) {
            passTrailers();
            ended = true;
        }
    }

    private void passTrailers() throws IOException {
        for (int i = 0; !Head.line(in, LONGEST_LINE).isEmpty(); i++) {
            if (i == MOST_TRAILERS) {
                throw new MalformedAnswer("it has too many trailers");
            }
        }
    }
}
