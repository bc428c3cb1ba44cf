package brocker.spec.wire;

import java.io.IOException;

/** What a frame of an exec session's output carries. */
public enum ExecChannel {
    STDOUT(1),
    STDERR(2),
    /** Once and last: an {@link ExecResult} as JSON. */
    RESULT(3);

    private final int number;

    ExecChannel(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExecChannel of(int number) throws IOException {
        for (ExecChannel channel : values()) {
            if (channel.number == number) {
                return channel;
            }
        }
        throw new IOException("a frame on channel " + number);
    }
}
