package brocker.daemon;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Messages on stderr in the form of {@link LogFormat}, where the journal adds the time; of the libraries only what is wrong. */
final class Logging {
    /** Held, because java.util.logging keeps its loggers by weak references only. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private static final Logger LOG = Logger.getLogger(Logging.class.getName());

    private Logging() {}

    static void configure() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new LogFormat());
        }
        HELIDON.setLevel(Level.WARNING);
        // The JVM's own way would write the message as it is.
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> LOG.log(Level.SEVERE, thrown, () -> "thread \"" + thread.getName() + "\" ended"));
    }
}
