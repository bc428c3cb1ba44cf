package brocker.client.http;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of a request, written as it is sent.
 *
 * @param type its media type
 * @param length its bytes, or {@link #UNKNOWN} for one that is sent in chunks
 */
public record Content(String type, long length, Writer writer) {
    static final long UNKNOWN = -1;

    private static final Content NONE = new Content("", 0, _ -> {});

    /** Writes a body; every {@code flush} sends what has been written. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /** No body. */
    public static Content none() {
        return NONE;
    }

    public static Content of(String type, byte[] bytes) {
        return new Content(type, bytes.length, out -> out.write(bytes));
    }

    /** Exactly as many bytes as said. */
    public static Content sized(String type, long length, Writer writer) {
        return new Content(type, length, writer);
    }

    /** A body whose length nobody knows before its end. */
    public static Content streamed(String type, Writer writer) {
        return new Content(type, UNKNOWN, writer);
    }

    boolean isNone() {
        return type.isEmpty();
    }
}
