package brocker.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Restores the run directory of a running daemon when something has wiped it, such as a cleaner of temporary files: within a second, as
 * long as it is open.
 */
final class RunDirectory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RunDirectory.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Path needed;
    private final Runnable restore;
    private final Thread thread;

    /**
     * Begins to watch.
     *
     * @param needed the file by whose absence a wiped directory is known
     * @param restore makes everything that is missing
     */
    RunDirectory(Path needed, Runnable restore) {
        this.needed = needed;
        this.restore = restore;
        this.thread = Thread.ofVirtual().name("run-directory").start(this::watch);
    }

    private void watch() {
        boolean failed = false;
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                if (Files.exists(needed)) {
                    failed = false;
                } else if (restored(!failed)) {
                    LOG.log(System.Logger.Level.WARNING, "\"" + needed + "\" was deleted: made it again");
                } else {
                    failed = true;
                }
            }
        } catch (InterruptedException _) {
            // The daemon leaves.
            Thread.currentThread().interrupt();
        }
    }

    private boolean restored(boolean log) {
        try {
            restore.run();
            return true;
        } catch (RuntimeException e) {
            if (log) {
                LOG.log(System.Logger.Level.ERROR, "\"" + needed + "\" was deleted and cannot be made again: " + e);
            }
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
