package brocker.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the programs are that the daemon runs.
 *
 * @param initProgram {@code brocker-run}
 * @param nginx the distribution's
 */
record Installation(Path initProgram, Path nginx) {
    /** Of the distribution that this process was started from; the launcher says where that is. */
    static Installation find() {
        Path home = Path.of(System.getProperty("brocker.home", "."));
        Path nginx = Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/usr/sbin/nginx"));
        return new Installation(home.resolve("libexec/brocker-run").toAbsolutePath(), nginx);
    }
}
