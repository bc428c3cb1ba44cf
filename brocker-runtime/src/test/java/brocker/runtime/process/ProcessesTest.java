package brocker.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessesTest {
    @TempDir
    private Path directory;

    @Test
    void titleMakesNoProgramAnother() throws Exception {
        Path program = copy("program");
        Path other = copy("other");
        Process process = new ProcessBuilder(
                        "bash", "-c", "exec -a \"$0\" \"$1\" 100", other.toString(), program.toString())
                .start();
        try {
            int pid = Math.toIntExact(process.pid());
            while (!Processes.title(pid).startsWith(other.toString() + "\0" + "100")) {
                Thread.sleep(5);
            }
            assertThat(Processes.executes(pid, other)).isFalse();
            assertThat(Processes.executes(pid, program)).isTrue();
            assertThat(Processes.executes(pid, Files.createSymbolicLink(directory.resolve("link"), program)))
                    .isTrue();

            Files.move(other, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(Processes.executes(pid, program)).as("replaced").isTrue();
            Files.delete(program);
            assertThat(Processes.executes(pid, program)).as("removed").isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(Processes.executes(Math.toIntExact(process.pid()), program)).isFalse();
    }

    private Path copy(String name) throws Exception {
        return Files.copy(Path.of("/usr/bin/sleep"), directory.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }
}
