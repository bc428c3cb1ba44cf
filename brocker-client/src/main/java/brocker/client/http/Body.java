package brocker.client.http;

import java.io.IOException;

/** The body of an answer as it comes out of its framing. */
@FunctionalInterface
interface Body {
    /**
     * Reads at least one byte of at most as many as said, as {@link java.io.InputStream#read(byte[], int, int)} does.
     *
     * @return how many, or -1 at the end
     * @throws java.io.EOFException when the connection ends before the body does
     */
    int read(byte[] bytes, int offset, int length) throws IOException;
}
