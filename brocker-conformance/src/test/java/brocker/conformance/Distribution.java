package brocker.conformance;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the things under test lie. */
final class Distribution {
    private Distribution() {}

    /**
     * A program of the built distribution.
     *
     * @throws AssertionError when it was not built
     */
    static Path program(String name) {
        Path program = root().resolve("bin").resolve(name);
        if (!Files.isExecutable(program)) {
            throw new AssertionError("no \"" + program + "\": build the distribution first, with: make dist");
        }
        return program;
    }

    static Path root() {
        return Path.of(System.getProperty("brocker.dist", "../build/brocker"))
                .toAbsolutePath()
                .normalize();
    }

    /** The top of the source tree. */
    static Path sources() {
        return Path.of(System.getProperty("brocker.root", ".."))
                .toAbsolutePath()
                .normalize();
    }
}
