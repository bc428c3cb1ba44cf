package brocker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class RegularFileTest {
    private final Path directory;

    RegularFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aFileIsReadUpToItsLimit() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");

        assertThat(RegularFile.read(file, 10).orElseThrow())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("0123456789");
        assertThatThrownBy(() -> RegularFile.read(file, 9))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("is larger than 9 bytes");
        assertThat(RegularFile.read(directory.resolve("none"), 9)).isEmpty();
        assertThat(RegularFile.read(file.resolve("below"), 9)).isEmpty();
    }

    @Test
    void linksPipesSocketsDevicesAndDirectoriesAreRefusedAtOnce() throws Exception {
        Files.writeString(directory.resolve("secret"), "secret");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("secret"));
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createDirectory(directory.resolve("directory"));
        for (Path path : new Path[] {
            directory.resolve("link"), directory.resolve("pipe"), directory.resolve("directory"), Path.of("/dev/zero")
        }) {
            assertThatThrownBy(() -> RegularFile.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessage("\"" + path + "\" is not a regular file");
        }
    }
}
