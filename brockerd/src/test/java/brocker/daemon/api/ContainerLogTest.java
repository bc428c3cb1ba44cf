package brocker.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerLogTest {
    private final Path directory;

    ContainerLogTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private String tail(int lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ContainerLog(directory).write(out, lines);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    @Test
    void tailGoesBackThroughTheRotatedFiles() throws IOException {
        file("log", "5\n6\n");
        file("log.1", "4\n");
        file("log.2", "2\n3\n");
        file("log.10", "1\n");
        file("exit", "code 0\n");
        file("log.gz", "x\n");

        String all = "1\n2\n3\n4\n5\n6\n";
        for (int lines = 0; lines <= 6; lines++) {
            assertThat(tail(lines)).isEqualTo(all.substring(all.length() - 2 * lines));
        }
        assertThat(tail(7)).isEqualTo(all);
        assertThat(tail(Integer.MAX_VALUE)).isEqualTo(all);
    }

    @Test
    void emptyFileHasNoLines() throws IOException {
        file("log", "");
        file("log.1", "a\nb\n");

        assertThat(tail(1)).isEqualTo("b\n");
        assertThat(tail(2)).isEqualTo("a\nb\n");
    }

    @Test
    void emptyLinesCount() throws IOException {
        file("log", "\n\na\n\n");

        assertThat(tail(1)).isEqualTo("\n");
        assertThat(tail(2)).isEqualTo("a\n\n");
        assertThat(tail(4)).isEqualTo("\n\na\n\n");
    }

    @Test
    void lineWithoutAnEndIsALine() throws IOException {
        file("log", "a\nb");

        assertThat(tail(1)).isEqualTo("b");
        assertThat(tail(2)).isEqualTo("a\nb");
    }

    @Test
    void lineOfAMegabyteIsFoundWhole() throws IOException {
        String giant = "x".repeat(1 << 20) + "\n";
        file("log", "a\n" + giant + "b\n");

        assertThat(tail(2)).isEqualTo(giant + "b\n");
        assertThat(tail(1)).isEqualTo("b\n");
        file("log", "y".repeat((64 << 10) - 1) + "\n" + "z".repeat((64 << 10) - 1) + "\n");
        assertThat(tail(1)).hasSize(64 << 10).startsWith("z");
    }

    @Test
    void missingLogIsEmpty() throws IOException {
        assertThat(tail(10)).isEmpty();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ContainerLog(directory.resolve("none")).write(out, 10);
        assertThat(out.size()).isZero();
    }
}
