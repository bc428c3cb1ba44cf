package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import brocker.runtime.RequiresSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresSandbox
final class ReplacedFilesTest {
    @TempDir
    private Path directory;

    /** What to do while a program of this name runs. */
    private interface WhileItRuns {
        void run(Path program, int pid) throws IOException;
    }

    private void running(WhileItRuns action) throws Exception {
        Path program = copy("program");
        Process process = new ProcessBuilder(program.toString(), "100").start();
        try {
            action.run(program, Math.toIntExact(process.pid()));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Path copy(String name) throws IOException {
        return Files.copy(
                Path.of("/usr/bin/sleep"),
                directory.resolve(name),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void unchangedProgramHasNone() throws Exception {
        running((_, pid) -> assertThat(ReplacedFiles.of(pid)).isEmpty());
    }

    @Test
    void changedTimesAndAnotherNameAreNoOtherFile() throws Exception {
        running((program, pid) -> {
            Files.setLastModifiedTime(program, FileTime.fromMillis(0));
            Files.createLink(directory.resolve("second"), program);

            assertThat(ReplacedFiles.of(pid)).isEmpty();
        });
    }

    @Test
    void renamedOverItIsAnotherFile() throws Exception {
        running((program, pid) -> {
            Files.move(copy("next"), program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            var first = ReplacedFiles.of(pid);
            assertThat(first).containsOnlyKeys(program.toString());
            assertThat(ReplacedFiles.of(pid)).as("as long as nothing changes").isEqualTo(first);

            Files.move(copy("next"), program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(ReplacedFiles.of(pid))
                    .containsOnlyKeys(program.toString())
                    .isNotEqualTo(first);
        });
    }

    @Test
    void removedProgramIsGone() throws Exception {
        running((program, pid) -> {
            Files.delete(program);

            assertThat(ReplacedFiles.of(pid))
                    .containsExactlyEntriesOf(new TreeMap<>(Map.of(program.toString(), "gone")));
        });
    }

    @Test
    void processThatHasEndedHasNone() throws Exception {
        Process process = new ProcessBuilder("/usr/bin/true").start();
        process.waitFor();

        assertThat(ReplacedFiles.of(Math.toIntExact(process.pid()))).isEmpty();
    }
}
