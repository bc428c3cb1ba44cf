package brocker.client.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A standard stream. Nothing is kept back: every call is one {@code write(2)}. Not for several threads at once. */
public final class Output {
    private final OutputStream stream;

    public Output(OutputStream stream) {
        this.stream = stream;
    }

    /**
     * Prints text as UTF-8.
     *
     * @throws OutputClosed when nobody reads any more
     */
    public void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    /**
     * Prints a line as UTF-8.
     *
     * @throws OutputClosed when nobody reads any more
     */
    public void println(String line) {
        print(line + "\n");
    }

    /**
     * Writes bytes as they are.
     *
     * @throws OutputClosed when nobody reads any more
     */
    public void write(byte[] bytes, int offset, int length) {
        try {
            stream.write(bytes, offset, length);
            stream.flush();
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }
}
