package brocker.client.text;

import java.io.IOException;
import java.io.Serial;

/** Whoever read our output has gone, as {@code head(1)} does: the program ends without a word. */
public final class OutputClosed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** What a program that {@code SIGPIPE} ended exits with: 128 + 13. */
    public static final int EXIT_CODE = 141;

    public OutputClosed(IOException cause) {
        super(cause);
    }
}
