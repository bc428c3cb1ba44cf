package brocker.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compiles C programs with musl, which run in a container without any library. */
final class StaticProgram {
    private StaticProgram() {}

    /**
     * Compiles a program to {@code target}. Forks may do so at the same time: each compiles to a file of its own, which is then renamed.
     *
     * @param options and sources, for the compiler
     */
    static Path compile(String name, List<String> options) {
        Path program = Path.of("target", name).toAbsolutePath();
        Path part = Path.of(program + "-" + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(
                List.of("musl-gcc", "-static", "-O2", "-Wall", "-Wextra", "-Werror", "-o", part.toString()));
        command.addAll(options);
        Outcome.run(command, Map.of(), new byte[0]).succeeded();
        try {
            return Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
