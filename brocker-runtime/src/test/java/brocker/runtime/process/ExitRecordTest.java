package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExitRecordTest {
    private static final String GOOD =
            "code 143\nsignal 15\nstarted 1763925926123456789\nended 1763925927000000001\nlost-lines 2\noom-kills 3\n";

    private final Path directory;

    ExitRecordTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void recordIsReadAsBrockerRunWritesIt() throws IOException {
        Files.writeString(directory.resolve("exit"), GOOD);

        assertThat(ExitRecord.read(directory))
                .contains(new ExitRecord(
                        143,
                        15,
                        Instant.parse("2025-11-23T19:25:26.123456789Z"),
                        Instant.parse("2025-11-23T19:25:27.000000001Z"),
                        2,
                        3));
    }

    @Test
    void recordOfAnEarlierBrockerCountsNoKills() throws IOException {
        Files.writeString(directory.resolve("exit"), GOOD.replace("oom-kills 3\n", ""));

        assertThat(ExitRecord.read(directory).orElseThrow().oomKills()).isZero();
    }

    @Test
    void missingRecordIsNoRecord() throws IOException {
        Files.writeString(directory.resolve("exit.next"), GOOD);

        assertThat(ExitRecord.read(directory)).isEmpty();
        assertThat(ExitRecord.read(directory.resolve("none"))).isEmpty();
    }

    @Test
    @Timeout(10)
    void whatIsNoRegularFileIsAnIoExceptionAtOnce(@TempDir Path outside) throws Exception {
        Path exit = directory.resolve("exit");
        Files.createSymbolicLink(exit, Files.writeString(outside.resolve("exit"), GOOD));
        assertThatThrownBy(() -> ExitRecord.read(directory)).isInstanceOf(IOException.class);

        Files.delete(exit);
        assertThat(new ProcessBuilder("mkfifo", exit.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> ExitRecord.read(directory)).isInstanceOf(IOException.class);

        Files.delete(exit);
        Files.write(exit, new byte[1 << 20]);
        assertThatThrownBy(() -> ExitRecord.read(directory)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "code 1\n",
                "code\n",
                "garbage",
                "code one\n",
                "code 99999999999999999999\n",
                "\n",
                "code 9 9\n"
            })
    void damagedRecordIsAnIoException(String text) throws IOException {
        Files.writeString(directory.resolve("exit"), GOOD.replaceFirst("code 143\n", text));

        if (!text.equals("code 1\n")) {
            assertThatThrownBy(() -> ExitRecord.read(directory)).isInstanceOf(IOException.class);
        }
        Files.writeString(directory.resolve("exit"), text);
        assertThatThrownBy(() -> ExitRecord.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit record");
    }
}
