package brocker.conformance;

import java.nio.file.Path;
import java.util.List;

/** {@code src/test/c/tool.c}, with {@code server.c}: a static program for containers to run. */
final class Tool {
    private static final Path PROGRAM =
            StaticProgram.compile("tool", List.of("-pthread", "src/test/c/tool.c", "src/test/c/server.c"));

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
}
