package brocker.client.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length was said before it (RFC 9112, 6.2). */
final class SizedBody implements Body {
    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the answer ended " + left + " bytes early");
        }
        left -= count;
        return count;
    }
}
