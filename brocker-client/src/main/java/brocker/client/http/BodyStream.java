package brocker.client.http;

import java.io.IOException;
import java.io.InputStream;

/** A body and the connection that it comes over, which ends with it. */
final class BodyStream extends InputStream {
    private final Body body;
    private final Link link;

    BodyStream(Body body, Link link) {
        this.body = body;
        this.link = link;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return length == 0 ? 0 : body.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
