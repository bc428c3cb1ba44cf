package brocker.spec.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A piece of an exec session's output: one byte that names the channel, four bytes of length (big-endian), the payload.
 * The last frame is on {@link ExecChannel#RESULT}, its payload an {@link ExecResult} as JSON.
 */
public final class ExecFrame {
    /** The longest payload, in bytes. */
    public static final int MOST = 1 << 20;

    private final ExecChannel channel;
    private final byte[] payload;

    private ExecFrame(ExecChannel channel, byte[] payload) {
        this.channel = channel;
        this.payload = payload;
    }

    public ExecChannel channel() {
        return channel;
    }

    /** The bytes themselves, not a copy; the caller's from now on. */
    public byte[] payload() {
        return payload;
    }

    /**
     * Reads the next frame.
     *
     * @return empty at the end of the stream
     * @throws IOException when the stream ends within a frame, or is none of ours
     */
    public static Optional<ExecFrame> read(InputStream in) throws IOException {
        int channel = in.read();
        if (channel < 0) {
            return Optional.empty();
        }
        int length = new DataInputStream(in).readInt();
        if (length < 0 || length > MOST) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the stream ends within a frame");
        }
        return Optional.of(new ExecFrame(ExecChannel.of(channel), payload));
    }

    /** Writes a frame; the caller flushes. */
    public static void write(OutputStream out, ExecChannel channel, byte[] payload, int length) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeByte(channel.number());
        data.writeInt(length);
        data.write(payload, 0, length);
    }
}
