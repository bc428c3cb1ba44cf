package brocker.conformance;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code src/test/c/tool.c}, compiled once: a static program for containers to run. */
final class Tool {
    private static final Path PROGRAM = compile();

    private Tool() {}

    static Path path() {
        return PROGRAM;
    }

    /** The keys of a container file that runs it, at {@code /mnt/tool}, with arguments. */
    static String template(String arguments) {
        return """
                "command": "/mnt/tool %s", "mounts": [{"source": "%s", "target": "/mnt/tool", "read-only": true}]\
                """.formatted(arguments, PROGRAM);
    }

    private static Path compile() {
        Path program = Path.of("target/tool").toAbsolutePath();
        Outcome.run(
                        List.of(
                                "musl-gcc",
                                "-static",
                                "-O2",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-pthread",
                                "-o",
                                program.toString(),
                                "src/test/c/tool.c"),
                        Map.of(),
                        new byte[0])
                .succeeded();
        return program;
    }
}
