package brocker.spec.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brocker.spec.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExecFrameTest {
    private static byte[] written(ExecChannel channel, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ExecFrame.write(out, channel, payload, payload.length);
        return out.toByteArray();
    }

    private static Optional<ExecFrame> read(int... bytes) throws IOException {
        byte[] stream = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            stream[i] = (byte) bytes[i];
        }
        return ExecFrame.read(new ByteArrayInputStream(stream));
    }

    @Test
    void frameIsChannelLengthAndPayload() throws IOException {
        assertThat(written(ExecChannel.STDERR, new byte[] {7, 8})).containsExactly(2, 0, 0, 0, 2, 7, 8);
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        ExecFrame.write(part, ExecChannel.STDOUT, new byte[] {7, 8, 9}, 1);
        assertThat(part.toByteArray()).containsExactly(1, 0, 0, 0, 1, 7);
    }

    @Test
    void framesAreReadAsTheyWereWritten() throws IOException {
        Random random = Seeded.random("framesAreReadAsTheyWereWritten");
        for (ExecChannel channel : ExecChannel.values()) {
            byte[] payload = new byte[random.nextInt(100_000)];
            random.nextBytes(payload);
            byte[] two = Arrays.copyOf(written(channel, payload), 2 * (payload.length + 5));
            System.arraycopy(written(channel, payload), 0, two, payload.length + 5, payload.length + 5);
            ByteArrayInputStream in = new ByteArrayInputStream(two);
            for (int i = 0; i < 2; i++) {
                ExecFrame frame = ExecFrame.read(in).orElseThrow();
                assertThat(frame.channel()).isEqualTo(channel);
                assertThat(frame.payload()).isEqualTo(payload);
            }
            assertThat(ExecFrame.read(in)).isEmpty();
        }
    }

    @Test
    void emptyAndLongestPayloadsPass() throws IOException {
        assertThat(read(1, 0, 0, 0, 0).orElseThrow().payload()).isEmpty();
        byte[] longest = written(ExecChannel.STDOUT, new byte[ExecFrame.MOST]);
        assertThat(ExecFrame.read(new ByteArrayInputStream(longest))
                        .orElseThrow()
                        .payload())
                .hasSize(ExecFrame.MOST);
    }

    @Test
    void streamThatEndsWithinAFrameIsAFailure() throws IOException {
        byte[] whole = written(ExecChannel.STDOUT, new byte[] {1, 2, 3});
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ExecFrame.read(new ByteArrayInputStream(cut)))
                    .isInstanceOf(EOFException.class);
        }
        assertThat(read()).isEmpty();
    }

    @Test
    void frameOfImpossibleLengthIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> read(1, 0, 16, 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessage("a frame of 1048577 bytes");
        assertThatThrownBy(() -> read(1, 255, 255, 255, 255)).hasMessage("a frame of -1 bytes");
    }

    @Test
    void unknownChannelIsAFailureOfTheStream() {
        assertThatThrownBy(() -> read(0, 0, 0, 0, 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(4, 0, 0, 0, 0)).hasMessage("a frame on channel 4");
        assertThatThrownBy(() -> read(255, 0, 0, 0, 0)).isInstanceOf(IOException.class);
    }
}
