package brocker.daemon;

import java.util.logging.Level;
import java.util.logging.Logger;

/** One line a message on stderr, where the journal adds the time; of the libraries only what is wrong. */
final class Logging {
    /** Held, because java.util.logging keeps its loggers by weak references only. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private Logging() {}

    static void configure() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
        HELIDON.setLevel(Level.WARNING);
    }
}
