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

    /** A container could otherwise have a file of the host compared. */
    @Test
    void absoluteLinkBeginsAtTheRootOfTheProcess() throws Exception {
        Path root = Files.createDirectories(directory.resolve("root"));
        Path outside = Files.createFile(directory.resolve("outside"));
        Files.createDirectory(root.resolve("old"));
        Files.createDirectory(root.resolve("usr"));
        Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
        Files.createSymbolicLink(root.resolve("lib64"), Path.of("usr/lib64"));
        Path program =
                Files.copy(Path.of("/usr/bin/sleep"), root.resolve("program"), StandardCopyOption.COPY_ATTRIBUTES);
        String script = "mount --bind \"$1\" \"$1\" && mount --bind /usr \"$1/usr\" && cd \"$1\" && pivot_root . old"
                + " && exec /program 100";
        Process process = new ProcessBuilder(
                        "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", root.toString())
                .start();
        try {
            int pid = Math.toIntExact(process.pid());
            while (!Processes.title(pid).startsWith("/program")) {
                Thread.sleep(5);
            }
            assertThat(ReplacedFiles.of(pid)).isEmpty();

            Files.delete(program);
            Files.createSymbolicLink(program, outside);
            assertThat(ReplacedFiles.of(pid)).containsExactlyEntriesOf(new TreeMap<>(Map.of("/program", "gone")));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void processThatHasEndedHasNone() throws Exception {
        Process process = new ProcessBuilder("/usr/bin/true").start();
        process.waitFor();

        assertThat(ReplacedFiles.of(Math.toIntExact(process.pid()))).isEmpty();
    }
}
